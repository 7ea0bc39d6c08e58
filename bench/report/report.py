"""Writes docs/benchmarks.md and its pictures from the results in a folder: `report.py build/bench`.

The text that no program can write stands in benchmarks.md.in, with a {{name}} for each part that is made here.
"""

import pathlib
import platform
import re
import subprocess
import sys

import aims
import growth
import results as r
import summary
import svg
import tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = pathlib.Path(__file__).with_name("benchmarks.md.in")
POLICIES, PODS, BLOCKS, SIZES = (0, 1, 10, 100, 1000), (100, 10_000, 50_000), (1, 100, 10_000), (1000, 10_000, 50_000)
ALL_WORK = ("udp_judged", "udp_established", "udp_denied", "tcp_connections", "tcp_request_p50", "tcp_request_p99", "tcp_bulk")
SOME_WORK = ("udp_judged", "tcp_connections")
BASE = dict(blocks=0, range=False)


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0].strip()
    except (OSError, subprocess.CalledProcessError):
        return "not here"


def machine():
    """The machine of the measurement."""
    info = pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii")
    model = re.search(r"model name\s*: (.*)", info)
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text(encoding="ascii"))[1])
    cores = info.count("processor\t")
    virtual = " (a virtual machine)" if "hypervisor" in info else ""
    return "\n".join([
        f"- {cores} cores of {model[1] if model else platform.machine()}{virtual}, {memory / 2**20:.0f} GiB",
        f"- Linux {platform.release().split('-')[0]}, {first_line('g++', '--version')}",
        f"- {first_line('nft', '--version')}, {first_line('iptables', '--version')}, {first_line('ipset', '--version')}",
    ])


def pictures(figures, folder):
    """Name to SVG."""
    def axis(path, axis_name, **where):
        # Packets that are judged never take the fast path, so Selvage without it would be the same line again.
        names = [name for name in r.LAYOUTS if name != "Selvage without fast path"]
        lines = {name: r.packet_axis(figures, name, "udp_judged", axis_name, path=path, **where) for name in names}
        return {name: [(x, y / 1000) for x, y in line] for name, line in lines.items() if line}

    stacks = folder / "stacks.txt"
    yield "bench-packets.svg", svg.chart("A small UDP packet between pods of a node", "policies on the pod", "µs",
                                         axis("bridge", "policies", pods=10_000, **BASE))
    yield "bench-packets-vxlan.svg", svg.chart("A small UDP packet across VXLAN", "policies on the pod", "µs",
                                               axis("vxlan", "policies", pods=10_000, **BASE))
    yield "bench-blocks.svg", svg.chart("A small UDP packet, allowed by a list of blocks", "blocks in the list", "µs",
                                        axis("bridge", "blocks", policies=100, pods=10_000, range=False))
    changes = {name: r.change_axis(figures, name, "pod added", "pods", policies=1000) for name in r.SUBJECTS}
    yield "bench-changes.svg", svg.chart("One pod appears elsewhere: CPU time", "pods of the cluster", "ms",
                                         {name: line for name, line in changes.items() if line})
    if stacks.exists():
        yield "bench-flame.svg", svg.flame_graph("A start at 10,000 pods, from bytes to the kernel",
                                                 stacks.read_text(encoding="utf-8").splitlines())


def parts(figures):
    """Name to text."""
    bridge = dict(BASE, path="bridge", pods=10_000)
    left_out = sorted({f"{f['layout']}: {f['why']}" for f in r.of(figures, "left_out")})
    rounds = sorted({f["rounds"] for f in r.of(figures, "packet")})
    return {
        "machine": machine(),
        "rounds": ", ".join(map(str, rounds)),
        "summary_packets": summary.packet_table(figures),
        "summary_changes": summary.change_table(figures, SIZES),
        "left_out": "".join(f"Not here: {line}.\n" for line in left_out),
        "bridge": tables.packet_tables(figures, "policies", POLICIES, ALL_WORK, **bridge),
        "vxlan": tables.packet_tables(figures, "policies", POLICIES, ALL_WORK, **dict(bridge, path="vxlan")),
        "pods": tables.packet_tables(figures, "pods", PODS, SOME_WORK, path="bridge", policies=100, **BASE),
        "blocks": tables.packet_tables(figures, "blocks", BLOCKS, SOME_WORK, path="bridge", policies=100, pods=10_000, range=False),
        "ranges": tables.packet_tables(figures, "policies", (100,), SOME_WORK, path="bridge", pods=10_000, blocks=0, range=True),
        "changes": tables.change_table(figures, SIZES),
        "starts": tables.start_table(figures),
        "growth": growth.table(figures),
        "stages": tables.stage_table(figures),
        "aims": aims.table(figures),
    }


def main(folder, root=ROOT):
    document = root / "docs" / "benchmarks.md"
    figures = r.read((folder / "results.jsonl").read_text(encoding="utf-8").splitlines())
    for name, text in pictures(figures, folder):
        if text:
            (root / "docs" / "images" / name).write_text(text, encoding="utf-8")
    made = parts(figures)
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: made[match[1]].rstrip(), TEMPLATE.read_text(encoding="utf-8"))
    document.write_text(text, encoding="utf-8")
    print(f"bench: wrote {document.relative_to(root)}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
