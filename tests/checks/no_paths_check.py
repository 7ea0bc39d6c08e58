"""No tracked file names a place that exists on one machine or in one network only."""

import re
import sys

from tracked import report, text_of, tracked_files

PLACES = re.compile(
    r"(?<![\w./$}-])/(work|home|root|Users|builds|github)/\w"  # a person's or a build machine's folder
    r"|(?<![\w./$}-])/tmp/[\w./-]*build"
    r"|PROJECT_SOURCE_DIR\}/\.\."  # beside the checkout
    r"|\bhttps?://[^/\s\"'<>@]*@"  # credentials in a URL
    r"|\bhttps?://[\w.-]+\.(internal|intranet|corp|lan|home|private)\b"  # hosts of one network
)


def place_faults(path, text):
    """Faults of one file."""
    for number, line in enumerate(text.splitlines(), 1):
        found = PLACES.search(line)
        if found:
            yield f"{path}:{number}: names {found[0]}"


def main():
    findings = []
    for path in map(str, tracked_files()):
        findings += place_faults(path, text_of(path))
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
