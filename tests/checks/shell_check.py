"""shellcheck finds nothing in the shell scripts, and each stops at its first error."""

import subprocess
import sys

from tracked import ROOT, report, text_of, tracked_files

# How a script begins, and how it says that it stops at an error.
SHELLS = {
    "#!/usr/bin/env bash\n": "set -euo pipefail",
    "#!/bin/bash\n": "set -euo pipefail",
    "#!/bin/sh\n": "set -eu\n",  # dash knows no pipefail
}


def main():
    texts = {str(path): text_of(path) for path in tracked_files()}
    scripts = {path: text for path, text in texts.items() if text.startswith(tuple(SHELLS))}
    findings = []
    for path, text in scripts.items():
        strict = next(words for shell, words in SHELLS.items() if text.startswith(shell))
        if strict not in text:
            findings.append(f"{path}: no '{strict.strip()}'")
    shellcheck = subprocess.run(["shellcheck", *scripts], cwd=ROOT).returncode
    return report(findings) or shellcheck


if __name__ == "__main__":
    sys.exit(main())
