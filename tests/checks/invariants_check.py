"""The tests that docs/architecture.md names beside the invariants exist."""

import re
import sys

from tracked import report, text_of, tracked_files

DOCUMENT = "docs/architecture.md"
NAMED = re.compile(r"(?<!\*)\*(?!\*)([^*]+)\*(?!\*)")
CASE = re.compile(r'\bTEST_CASE\w*\(\s*(?:\w+,\s*)?((?:"(?:[^"\\]|\\.)*"\s*)+)')


def missing_tests(document, sources):
    """The names in italics in the section on invariants that are no test case of the sources."""
    section = document.partition("## Invariants")[2].partition("\n## ")[0]
    cases = {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)) for source in sources for text in CASE.findall(source)}
    return [name for name in (" ".join(named.split()) for named in NAMED.findall(section)) if name not in cases]


def main():
    sources = [text_of(path) for path in tracked_files(".cc") if path.parts[0] == "tests"]
    missing = missing_tests(text_of(DOCUMENT), sources)
    return report([f"{DOCUMENT}: no test is called: {name}" for name in missing])


if __name__ == "__main__":
    sys.exit(main())
