"""The figures that the measuring programs print, and statistics of them."""

import json
import math

RIVALS = ["rule per policy", "iptables + ipset", "iptables-legacy + ipset", "Calico-like"]
LAYOUTS = ["none", "Selvage", "Selvage without fast path", *RIVALS]
AGAIN = "none again"  # the floor measured a second time: what differs by no more is noise
SUBJECTS = ["Selvage", "rule per policy", "full resync"]
CONSTANT = 0.05  # an exponent below it is no growth


def read(lines):
    """Figures, as dictionaries."""
    return [json.loads(line) for line in lines if line.startswith("{")]


def packets(figures, **where):
    """{layout: figure} of the packet figures with these members."""
    return {figure["layout"]: figure for figure in figures if figure["figure"] == "packet" and fits(figure, where)}


def fits(figure, where):
    return all(figure.get(key) == value for key, value in where.items())


def of(figures, kind, **where):
    """All figures of a kind with these members."""
    return [figure for figure in figures if figure["figure"] == kind and fits(figure, where)]


def within_noise(figure, again):
    """Whether a layout's ratio to none is within the noise of none against itself."""
    return again is not None and figure["ratio_low"] <= again["ratio_high"] and figure["ratio_high"] >= again["ratio_low"]


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def exponent(points):
    """The exponent of the power law nearest to (x, y), by least squares of the logarithms; None for fewer than two points."""
    points = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if len({x for x, _ in points}) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def packet_axis(figures, layout, work, axis, **where):
    """(value of the axis, ns) of a layout, without the value 0."""
    where = dict(where, layout=layout, work=work)
    return sorted((figure[axis], figure["ns"]) for figure in of(figures, "packet", **where) if figure[axis] > 0)


def change_axis(figures, subject, change, axis, **where):
    """(value of the axis, CPU milliseconds) of a change."""
    values = {}
    for figure in of(figures, "change", subject=subject, change=change, **where):
        values.setdefault(figure[axis], []).append(figure["cpu_ms"])
    return sorted((value, median(costs)) for value, costs in values.items())
