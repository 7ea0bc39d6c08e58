"""clang-tidy finds nothing in the rooms and the benchmarks.

Most of its work is the headers of libraries, so sources are put together, each folder of one namespace with folders of
the others, and clang-tidy reads the headers once for all of them; clang's static analyzer is left out. `--all`: each
source by itself, with the analyzer, which takes an hour. Tests are left out: brevity counts more there, and Catch2's
macros trip too many checks.
"""

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from tracked import ROOT

FOLDERS = "(base|bench|cli|controller|demo|host|k8s_client|lab|netlink|nft|policy|telemetry)"
BUILD = ROOT / "build" / "tidy"
# Sources that include sources are what is made here.
TOGETHER = "--checks=-clang-analyzer-*,-bugprone-suspicious-include"


def commands():
    """Source, relative to ROOT -> the compiler's options for it that decide what the source means."""
    subprocess.run(["cmake", "--preset", "tidy", "--log-level=WARNING"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    listed = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    found = {}
    for entry in listed:
        source = str(pathlib.Path(entry["file"]).relative_to(ROOT))
        if re.match(FOLDERS + "/", source):
            found[source] = {word for word in shlex.split(entry["command"]) if re.match("-[DI]", word)}
    return found


def is_program(source):
    return re.search(r"^int main\(", (ROOT / source).read_text(encoding="utf-8"), re.MULTILINE) is not None


def groups(sources):
    """Lists of sources that can be one: each has one folder of a namespace, since names are unique in a folder only.

    A source with main() counts as a folder, since its names are its own, and a list has one of them at most.
    """
    folders = defaultdict(list)
    for source in sorted(sources):
        folders[source if is_program(source) else source.rpartition("/")[0]].append(source)
    lists = []
    for folder in sorted(folders.values(), key=len, reverse=True):
        names = {folder[0].partition("/")[0]} | ({"main"} if is_program(folder[0]) else set())
        fitting = next((one for one in lists if not one["names"] & names), None)
        if fitting is None:
            lists.append(fitting := {"names": set(), "sources": []})
        fitting["names"] |= names
        fitting["sources"] += folder
    return [sorted(one["sources"]) for one in lists]


def tidy(options):
    """What clang-tidy says where it finds something, or None."""
    command = ["clang-tidy-14", "--quiet", f"--header-filter={ROOT}/{FOLDERS}/.*", *options]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ran.stdout if ran.returncode else None


def together(found):
    """For each group the options of clang-tidy."""
    folder = BUILD / "together"
    folder.mkdir(exist_ok=True)
    for number, group in enumerate(groups(found)):
        file = folder / f"{number}.cc"
        file.write_text("".join(f'#include "{ROOT / source}"\n' for source in group), encoding="utf-8")
        flags = sorted(set().union(*(found[source] for source in group)))
        yield [TOGETHER, str(file), "--", "-std=c++20", *flags]


def one_by_one(found):
    """For each source the options of clang-tidy. The commands are GCC's; clang does not know all of them."""
    for source in found:
        yield ["-p", str(BUILD), "--extra-arg=-Wno-unknown-warning-option", source]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="each source by itself, with the static analyzer")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    how = one_by_one if arguments.all else together
    with ThreadPoolExecutor(arguments.jobs) as pool:
        findings = list(filter(None, pool.map(tidy, how(commands()))))
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
