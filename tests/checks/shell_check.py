"""shellcheck finds nothing in the shell scripts, and each stops at its first error."""

import subprocess
import sys

from tracked import ROOT, report, text_of, tracked_files

SHELLS = ("#!/usr/bin/env bash\n", "#!/bin/bash\n", "#!/bin/sh\n")


def main():
    scripts = [str(path) for path in tracked_files() if text_of(path).startswith(SHELLS)]
    findings = [f"{script}: no 'set -euo pipefail'" for script in scripts if "set -euo pipefail" not in text_of(script)]
    shellcheck = subprocess.run(["shellcheck", *scripts], cwd=ROOT).returncode
    return report(findings) or shellcheck


if __name__ == "__main__":
    sys.exit(main())
