"""How cost grows with policies, pods and blocks: exponents of fitted power laws."""

import results as r
import tables

# The highest exponents that Selvage promises.
PROMISED = {"policies": 0.03, "pods": 0.03, "blocks": 0.1}


def text_of(exponent):
    return "–" if exponent is None else f"{exponent:+.2f}"


def remark(exponent, promised):
    if exponent is None or exponent <= promised:
        return ""
    return "**a slope where a constant was promised**"


def packet_lines(figures):
    axes = [
        ("policies on the pod", "policies", dict(path="bridge", pods=10_000, blocks=0, range=False)),
        ("policies on the pod, across VXLAN", "policies", dict(path="vxlan", pods=10_000, blocks=0, range=False)),
        ("pods", "pods", dict(path="bridge", policies=100, blocks=0, range=False)),
        ("blocks of a list", "blocks", dict(path="bridge", policies=100, pods=10_000, range=False)),
    ]
    for title, axis, where in axes:
        found = {layout: r.exponent(r.packet_axis(figures, layout, "udp_judged", axis, **where)) for layout in r.LAYOUTS}
        cells = [text_of(found[layout]) for layout in r.LAYOUTS]
        yield tables.row([f"small UDP packet by {title}"] + cells + [remark(found["Selvage"], PROMISED[axis])])


def change_lines(figures):
    for axis, where in (("pods", dict(policies=1000)), ("policies", dict(pods=10_000))):
        for change in ("pod added", "pod removed", "policy added"):
            found = [r.exponent(r.change_axis(figures, subject, change, axis, **where)) for subject in r.SUBJECTS]
            yield tables.row([f"{change}, CPU by {axis}"] + [text_of(exponent) for exponent in found])


def table(figures):
    out = tables.head(["cost"] + r.LAYOUTS + [""]) + list(packet_lines(figures)) + [""]
    out += tables.head(["cost"] + r.SUBJECTS) + list(change_lines(figures))
    return "\n".join(out)
