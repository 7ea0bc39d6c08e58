"""No file over 300 lines, no function over 50, except those in size_allowed.txt with a reason.

Functions are found by their layout, which clang-format fixes: a body ends with a brace alone at the
indentation at which its first line began.
"""

import pathlib
import re
import sys

from tracked import report, text_of, tracked_files

MOST_FILE_LINES = 300
MOST_FUNCTION_LINES = 50
ALLOWED = pathlib.Path(__file__).parent / "size_allowed.txt"

RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.DOTALL)
TYPE = re.compile(r"(template\b.*>\s*)?(class|struct|enum|union)\b")
NO_START = re.compile(r"[}#]|//|(public|private|protected):|$")


def functions(text):
    """(first line number, line count, first line) of each function that a text defines."""
    lines = RAW_STRING.sub(blank, text).split("\n")
    starts = {0: None, 2: None}
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if indent not in starts:
            continue
        body = line.strip()
        if body == "}" and starts[indent] is not None and (indent == 0 or in_type(starts[0], lines)):
            yield starts[indent], number - starts[indent] + 1, lines[starts[indent] - 1].strip()
        if not NO_START.match(body):
            starts[indent] = number
        if indent == 0:
            starts[2] = None


def blank(raw_string):
    """What stands for a raw string: as many lines, and nothing of what follows it at a line's begin."""
    return '""' + "\n" * raw_string[0].count("\n") + " " * 8


def in_type(start, lines):
    """Whether the outermost construct around is a type, so that what is indented by two is a member."""
    return start is not None and TYPE.match(lines[start - 1]) is not None


def size_faults(path, text):
    """(name for the allow-list, what is wrong) of each thing too long in one file."""
    count = text.count("\n")
    if count > MOST_FILE_LINES:
        yield path, f"{path}: {count} lines, more than {MOST_FILE_LINES}"
    if not path.endswith((".h", ".cc")):
        return
    for first, length, signature in functions(text):
        if length > MOST_FUNCTION_LINES:
            named = re.search(r'\b[A-Z_]+\("([^"]*)"|([~\w:]+)\(', signature)
            name = (named[1] or named[2]) if named else signature
            yield f"{path}:{name}", f"{path}:{first}: {name}: {length} lines, more than {MOST_FUNCTION_LINES}"


def allowed():
    """What may be long: lines of "name  reason", # for comments."""
    lines = [line.strip() for line in ALLOWED.read_text(encoding="utf-8").splitlines()]
    entries = [re.split(r"\s{2,}", line, maxsplit=1) for line in lines if line and not line.startswith("#")]
    return {entry[0]: entry[1] if len(entry) > 1 else "" for entry in entries}


def main():
    exceptions, used, findings = allowed(), set(), []
    for path in map(str, tracked_files(".h", ".cc", ".py", ".cmake", "")):
        for name, fault in size_faults(path, text_of(path)):
            used.add(name)
            if not exceptions.get(name):
                findings.append(fault)
    findings += [f"{ALLOWED.name}: {name} is no longer too long" for name in sorted(exceptions.keys() - used)]
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
