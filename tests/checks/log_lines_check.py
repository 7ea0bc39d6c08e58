"""Each warning and error that the program logs is explained in docs/logs.md."""

import re
import sys

from tracked import report, text_of, tracked_files

DOCUMENT = "docs/logs.md"
LITERAL = r'"((?:[^"\\]|\\.)*)"'
LOG = re.compile(r"spdlog::(?:warn|error|critical)\(\s*((?:" + LITERAL + r"\s*)+)")
LEAST = 8  # characters; a shorter piece of text says nothing


def pieces(source):
    """The longest fixed piece of each line that a source file logs; a line without one is of other texts alone."""
    for found in LOG.finditer(source):
        text = "".join(re.findall(LITERAL, found[1]))
        piece = max((part.strip(" :;,(){}") for part in re.split(r"\{[^}]*\}", text)), key=len)
        if len(piece) >= LEAST:
            yield piece


def log_faults(path, source, document):
    """Faults of one file."""
    known = " ".join(document.split())
    for piece in pieces(source):
        if piece not in known:
            yield f"{path}: {DOCUMENT} does not explain the line with \"{piece}\""


def main():
    document = text_of(DOCUMENT)
    findings = []
    for path in tracked_files(".cc", ".h"):
        if path.parts[0] != "tests":
            findings += log_faults(path, text_of(path), document)
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
