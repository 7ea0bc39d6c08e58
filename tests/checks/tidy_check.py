"""clang-tidy finds nothing in the rooms and the benchmarks.

A room at once, as the unity sources of the preset tidy-rooms, so that each header is read once for all sources of a
room; without clang's static analyzer. `--all`: each source by itself, with the analyzer, which takes an hour.
Tests are left out: brevity counts more there, and Catch2's macros trip too many checks.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tracked import ROOT

FOLDERS = "(base|bench|cli|controller|host|k8s_client|lab|netlink|nft|policy|telemetry)"
JOBS = 2


def commands(preset):
    """The sources that the preset compiles, those that include the most text first; without what is of tests."""
    subprocess.run(["cmake", "--preset", preset, "--log-level=WARNING"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    listed = json.loads((ROOT / "build" / preset / "compile_commands.json").read_text(encoding="utf-8"))
    files = {entry["file"] for entry in listed}
    tests = {str(ROOT / "tests"), "selvage_api_server.dir"}
    return sorted((file for file in files if not any(part in file for part in tests)), key=weight, reverse=True)


def weight(file):
    """How much text a source is, roughly: a unity source includes others."""
    with open(file, encoding="utf-8") as source:
        text = source.read()
    included = [line.split('"')[1] for line in text.splitlines() if line.startswith('#include "/')]
    return len(text) + sum(weight(path) for path in included)


def tidy(preset, options, file):
    """What clang-tidy finds in a source, or None."""
    command = [
        "clang-tidy-14",
        "--quiet",
        "-p",
        str(ROOT / "build" / preset),
        f"--header-filter={ROOT}/{FOLDERS}/.*",
        # The commands may be GCC's: an option that clang does not know is no finding.
        "--extra-arg=-Wno-unknown-warning-option",
        *options,
        file,
    ]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ran.stdout if ran.returncode else None


def main():
    preset, options = ("tidy", []) if sys.argv[1:] == ["--all"] else ("tidy-rooms", ["--checks=-clang-analyzer-*"])
    with ThreadPoolExecutor(JOBS) as pool:
        findings = [found for found in pool.map(lambda file: tidy(preset, options, file), commands(preset)) if found]
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
