"""Reads the output of `perf script` and writes each distinct call stack once, outermost call first, with its
count: "a;b;c 17". Frames below main() and in the kernel are kept."""

import collections
import re
import sys

FRAME = re.compile(r"\s+[0-9a-f]+ (.*) \(([^)]*)\)$")
NOISE = re.compile(r"\(anonymous namespace\)::|selvage::|std::|\[abi:[^]]*\]|__1::")


def short(name):
    """A function's name without its arguments and namespaces."""
    name = re.sub(r"\+0x[0-9a-f]+$", "", name)
    name = NOISE.sub("", name)
    depth, out = 0, []
    for char in name:
        if char in "<(":
            depth += 1
        if depth == 0:
            out.append(char)
        if char in ">)":
            depth -= 1
    return "".join(out).strip() or name


def fold(lines):
    """Counts of stacks."""
    stacks = collections.Counter()
    frames = []
    for line in lines:
        match = FRAME.match(line)
        if match:
            frames.append(short(match[1]))
        elif frames:
            stacks[";".join(reversed(frames))] += 1
            frames = []
    if frames:
        stacks[";".join(reversed(frames))] += 1
    return stacks


if __name__ == "__main__":
    for stack, count in sorted(fold(line.rstrip("\n") for line in sys.stdin).items()):
        print(stack, count)
