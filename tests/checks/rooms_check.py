"""Each room includes and links only the rooms and libraries that it may use (rooms.py, docs/architecture.md)."""

import collections
import re
import sys

from rooms import MAX_FILES, USES, room_of, target_of
from tracked import report, text_of, tracked_files

# Library, by how its includes begin -> the files that may include it.
LIBRARIES = {
    "tl/": r"base/result\.h",
    "tsl/": r"(policy/compile|k8s_client/watch)/.*",
    "openssl/": r"base/name_hash\.cc|k8s_client/(config|http)/.*",
    "cpprest/": r"k8s_client/http/.*",
    "pplx/": r"k8s_client/http/.*",
    "boost/": r"k8s_client/http/.*",
    "simdjson": r"k8s_client/json/.*",
    "zlib": r"k8s_client/http/.*|telemetry/gzip\.cc",
    "prometheus/": r"telemetry/(metric\w*|families)\.(h|cc)",
    "libnftnl/": r"nft/wire/.*",
    "libmnl/": r"netlink/.*",
    "yaml-cpp/": r"k8s_client/decode/.*|cli/config\.cc",
    "nlohmann/": r"controller/output/json\.h|cli/status_text\.cc",
    "spdlog/": r"(controller|cli)/.*",
    "fmt/": r"(controller|cli)/.*",
    "CLI/": r"(cli|demo)/.*",
}

# The rooms of policy/ are pure: functions of values. So nothing of the system, and of the standard library no
# input or output, clock, thread or chance.
NOT_PURE = re.compile(
    r"<(\w+/.*|\w+\.h|fstream|iostream|filesystem|cstdio|chrono|ctime|thread|mutex|shared_mutex|atomic|future"
    r"|condition_variable|random)>"
)

INCLUDE = re.compile(r'^\s*#\s*include\s*(<[^>]+>|"[^"]+")', re.MULTILINE)
LINK = re.compile(r"\bselvage_\w+")
TARGETS = {target_of(room): room for room in USES}


def include_fault(path, include):
    """Why the file `path` must not hold `include` (with its quotes), or None."""
    room, name = room_of(path), include[1:-1]
    if include.startswith('"'):
        used = room_of(name)
        if used is None:
            return "quoted includes are written from the root: room/file.h"
        if used != room and used not in USES[room]:
            return f"{room} must not use {used}"
        return None
    for prefix, where in LIBRARIES.items():
        if name.startswith(prefix):
            return None if re.fullmatch(where, path) else f"{prefix} belongs into {where}"
    if room.startswith("policy/") and NOT_PURE.fullmatch(include):
        return "policy is pure"
    if "/" in name and name.split("/")[0] not in {"arpa", "linux", "net", "netinet", "sys"}:
        return "no room may use this library"
    return None


def source_faults(path, text):
    """Faults of one source file of a room."""
    for match in INCLUDE.finditer(text):
        fault = include_fault(path, match[1])
        if fault:
            line = text.count("\n", 0, match.start(1)) + 1
            yield f"{path}:{line}: {match[1]}: {fault}"


def link_faults(path, text):
    """Faults of the CMakeLists.txt of one room: its links are the rooms that it may use."""
    room = room_of(path)
    for target in sorted(set(LINK.findall(text))):
        used = TARGETS.get(target)
        if used and used not in [*USES[room], room]:
            yield f"{path}: {room} must not link {used}"


def table_faults(uses, sources):
    """Faults of the table itself. `sources` holds, by room, the number of files and the rooms that they include."""
    rooms = list(uses)
    for room in rooms:
        count, included = sources[room]
        for used in uses[room]:
            if used not in rooms or rooms.index(used) >= rooms.index(room):
                yield f"rooms.py: {room} uses {used}, which is not above it"
            if used not in included:
                yield f"rooms.py: {room} does not use {used}"
        if count > MAX_FILES:
            yield f"{room}: {count} files, more than {MAX_FILES}"


def main():
    findings = []
    sources = collections.defaultdict(lambda: [0, set()])
    tops = {room.split("/")[0] for room in USES}
    for path in map(str, tracked_files()):
        if path.endswith((".h", ".cc")) and path.split("/")[0] in tops:
            room = room_of(path)
            if room is None:
                findings.append(f"{path}: rooms.py does not name its folder")
                continue
            text = text_of(path)
            findings += source_faults(path, text)
            sources[room][0] += 1
            sources[room][1].update(room_of(match[1][1:-1]) for match in INCLUDE.finditer(text))
        elif path.endswith("/CMakeLists.txt") and room_of(path):
            findings += link_faults(path, text_of(path))
    findings += table_faults(USES, sources)
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
