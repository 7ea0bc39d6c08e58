"""Each room includes only the rooms and libraries that it may use (docs/architecture.md)."""

import re
import sys

from tracked import report, text_of, tracked_files

# Room -> rooms whose headers it may include, beside its own.
ROOMS = {
    "base": set(),
    "policy": {"base"},
    "nft": {"base"},
    "k8s_client": {"base", "policy"},
    "k8s_client/watch": {"base", "policy", "k8s_client"},
    "k8s_client/rest": {"base", "k8s_client", "k8s_client/watch"},
    "telemetry": {"base"},
    "controller": {"base", "policy", "nft", "k8s_client", "k8s_client/watch", "k8s_client/rest", "telemetry"},
    "lab": {"base"},
    "cli": {"base", "policy", "nft", "k8s_client", "k8s_client/rest", "telemetry", "controller", "lab"},
}

# How CMake calls the library of a room.
TARGETS = {room.split("/")[-1]: room for room in ROOMS}

# Of a room in this table only these headers may be included by the room named.
PARTS = {
    ("k8s_client", "policy"): {"policy/model.h", "policy/labels.h", "policy/selector.h"},
    ("k8s_client/watch", "policy"): {"policy/model.h", "policy/labels.h", "policy/selector.h"},
    ("k8s_client/rest", "k8s_client/watch"): {"k8s_client/watch/transport.h"},
}

# Library, by how its includes begin -> the files that may include it.
LIBRARIES = {
    "tl/": r"base/result\.h",
    "tsl/": r"(policy|controller|k8s_client/watch)/.*",
    "openssl/": r"base/name_hash\.cc|k8s_client/rest/.*",
    "cpprest/": r"k8s_client/rest/.*",
    "pplx/": r"k8s_client/rest/.*",
    "boost/": r"k8s_client/rest/.*",
    "simdjson": r"k8s_client/watch/json\w*\.(h|cc)",
    "zlib": r"k8s_client/rest/.*|telemetry/gzip\.cc",
    "prometheus/": r"telemetry/(metric\w*|families)\.(h|cc)",
    "libnftnl/": r"nft/(encode|decode|socket|netlink|userdata|message)\w*\.(h|cc)",
    "libmnl/": r"nft/(encode|decode|socket|netlink|message|conntrack|bridges)\w*\.(h|cc)",
    "yaml-cpp/": r"k8s_client/.*|cli/(config|status_text)\w*\.(h|cc)",
    "spdlog/": r"(controller|cli)/.*",
    "fmt/": r"(controller|cli)/.*",
    "CLI/": r"cli/.*",
}

# policy/ is pure: a function of values. So nothing of the system, and of the standard library no
# input or output, clock, thread or chance.
NOT_PURE = re.compile(
    r"<(\w+/.*|\w+\.h|fstream|iostream|filesystem|cstdio|chrono|ctime|thread|mutex|shared_mutex|atomic|future"
    r"|condition_variable|random)>"
)


def room_of(path):
    """The room that a path from the root lies in, the innermost one; None outside of all."""
    parts = path.split("/")[:-1]
    while parts and "/".join(parts) not in ROOMS:
        parts.pop()
    return "/".join(parts) or None


INCLUDE = re.compile(r'^\s*#\s*include\s*(<[^>]+>|"[^"]+")', re.MULTILINE)
LINK = re.compile(r"\bselvage_(\w+)")


def include_fault(path, include):
    """Why the file `path` must not hold `include` (with its quotes), or None."""
    room, name = room_of(path), include[1:-1]
    if include.startswith('"'):
        used = room_of(name)
        if used is None:
            return "quoted includes are written from the root: room/file.h"
        if used != room and used not in ROOMS[room]:
            return f"{room} must not use {used}"
        if name not in PARTS.get((room, used), {name}):
            return f"{room} may use only {', '.join(sorted(PARTS[room, used]))} of {used}"
        return None
    for prefix, where in LIBRARIES.items():
        if name.startswith(prefix):
            return None if re.fullmatch(where, path) else f"{prefix} belongs into {where}"
    if room == "policy" and NOT_PURE.fullmatch(include):
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
    """Faults of one room's CMakeLists.txt: its links are the same table."""
    room = room_of(path)
    for target in sorted(set(LINK.findall(text))):
        used = TARGETS.get(target)
        if used and used not in ROOMS[room] | {room}:
            yield f"{path}: {room} must not link {used}"


def main():
    findings = []
    for path in map(str, tracked_files()):
        if room_of(path) is None:
            continue
        if path.endswith((".h", ".cc")):
            findings += source_faults(path, text_of(path))
        elif path.endswith("/CMakeLists.txt"):
            findings += link_faults(path, text_of(path))
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
