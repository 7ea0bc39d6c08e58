"""Which files the checks look at: what git tracks, and new files that it would track."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked_files(*suffixes):
    """Sorted paths, relative to ROOT, of the files with one of `suffixes` (none given: all)."""
    # The checkout may belong to another user than the one who runs the checks, which git would refuse.
    git = ["git", "-c", "safe.directory=*", "-C", str(ROOT)]
    command = [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    paths = sorted({pathlib.PurePosixPath(name) for name in listing.split("\0") if name})
    return [path for path in paths if (not suffixes or path.suffix in suffixes) and (ROOT / path).is_file()]


def text_of(path):
    """The text of a tracked file; bytes that are no UTF-8 are replaced."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def report(findings):
    """Prints findings, one a line; the exit status of the check."""
    for finding in findings:
        print(finding)
    return 1 if findings else 0
