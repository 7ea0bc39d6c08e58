"""All sources are laid out as clang-format does it. `--fix` rewrites them."""

import subprocess
import sys

from tracked import ROOT, tracked_files


def main():
    how = ["-i"] if sys.argv[1:] == ["--fix"] else ["--dry-run", "-Werror"]
    sources = [str(path) for path in tracked_files(".h", ".cc")]
    return subprocess.run(["clang-format-14", *how, *sources], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
