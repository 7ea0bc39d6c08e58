"""Pictures as SVG, without any library: line charts on logarithmic axes, and flame graphs. Legible in light and dark."""

import html
import math

STYLE = """<style>
  text { font: 13px sans-serif; fill: #24292f } .note { font-size: 11px; fill: #57606a }
  .axis { stroke: #57606a } .grid { stroke: #d0d7de; stroke-width: .5 } .line { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note { fill: #9198a1 } .axis { stroke: #9198a1 } .grid { stroke: #3d444d }
  }
</style>"""
# A name has one colour in all charts. Selvage is drawn last and thick, so that no line hides it.
COLOURS = {
    "none": "#8b949e", "Selvage": "#2f81f7", "rule per policy": "#e5534b", "iptables + ipset": "#bc4c9b",
    "iptables-legacy + ipset": "#3fb950", "Calico-like": "#8957e5", "full resync": "#d29922",
}
FOREMOST = "Selvage"
WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 210, 40, 50


def number(value):
    """1500 as "1.5k", 0.02 as "0.02"."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"


def ticks(low, high):
    """Powers of ten, with twos and fives where there are few."""
    found = []
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for step in (1, 2, 5):
            value = step * 10.0**power
            if low * 0.999 <= value <= high * 1.001:
                found.append(value)
    return found if len(found) <= 8 else [value for value in found if str(value).lstrip("0.").startswith("1")]


def chart(title, x_title, y_title, lines):
    """`lines`: name to a list of (x, y), all over zero."""
    points = [point for line in lines.values() for point in line]
    if not points:
        return ""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = min(ys) / 1.15, max(ys) * 1.15
    left, right = min(xs), max(max(xs), min(xs) * 1.01)

    def at(x, y):
        across = (math.log(x) - math.log(left)) / (math.log(right) - math.log(left))
        up = (math.log(y) - math.log(low)) / (math.log(high) - math.log(low))
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">', STYLE]
    out.append(f'<title>{html.escape(title)}</title><text x="{LEFT}" y="22">{html.escape(title)}</text>')
    for value in ticks(low, high):
        _, y = at(left, value)
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        out.append(f'<text class="note" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number(value)}</text>')
    for value in sorted(set(xs)):
        x, _ = at(value, low)
        out.append(f'<text class="note" x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{number(value)}</text>')
    base = HEIGHT - BOTTOM
    out.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>')
    out.append(f'<text class="note" x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{html.escape(x_title)}</text>')
    out.append(f'<text class="note" x="{LEFT}" y="{TOP - 2}">{html.escape(y_title)}</text>')
    labels = []
    for name, line in sorted(lines.items(), key=lambda named: named[0] == FOREMOST):
        colour = COLOURS.get(name, "#57606a")
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in sorted(line)))
        width = ' style="stroke-width:3.5"' if name == FOREMOST else ""
        out.append(f'<polyline class="line" stroke="{colour}"{width} points="{path}"/>')
        for x, y in (at(*point) for point in line):
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
        labels.append([at(*max(line))[1], colour, name])
    last = -100
    for y, colour, name in sorted(labels):
        last = max(y, last + 16)
        weight = ";font-weight:600" if name == FOREMOST else ""
        out.append(f'<text x="{WIDTH - RIGHT + 10}" y="{last + 4:.1f}" style="fill:{colour}{weight}">{html.escape(name)}</text>')
    return "\n".join(out + ["</svg>", ""])


def tree_of(stacks):
    """Folded stacks ("a;b;c 17") as nested [count, children]."""
    root = [0, {}]
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        root[0] += int(count)
        node = root
        for name in stack.split(";"):
            node = node[1].setdefault(name, [0, {}])
            node[0] += int(count)
    return root


def flame_graph(title, stacks, start="main", without=("bench::make_world", "bench::pod_list_json")):
    """The part of the stacks from the function `start` on, without its preparation."""
    kept = []
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        names = stack.split(";")
        at = next((i for i, name in enumerate(names) if name.split("::")[-1] == start), None)
        if at is not None and not set(without) & set(names):
            kept.append(";".join(names[at:at + 28]) + " " + count)
    root = tree_of(kept)
    if not root[0]:
        return ""
    width, row, boxes = 1180, 17, []
    deepest = 0

    def lay(children, left, depth):
        nonlocal deepest
        for name, (count, below) in sorted(children.items()):
            size = count / root[0] * width
            if size >= 1:
                boxes.append((left, depth, size, name, count))
                deepest = max(deepest, depth)
                lay(below, left, depth + 1)
            left += size

    lay(root[1], 0.0, 0)
    height = (deepest + 2) * row + 30
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">', STYLE]
    out.append(f"<title>{html.escape(title)}</title>")
    out.append(f'<text x="4" y="18">{html.escape(title)}</text>')
    for left, depth, size, name, count in boxes:
        y = height - (depth + 1) * row
        hue = sum(name.encode()) % 50
        share = 100 * count / root[0]
        out.append(f'<g><title>{html.escape(name)}: {share:.1f} %</title><rect x="{left:.1f}" y="{y}" width="{size:.1f}" '
                   f'height="{row - 1}" fill="hsl({hue},75%,65%)"/>')
        letters = int(size / 6.5)
        if letters > 3:
            out.append(f'<text x="{left + 2:.1f}" y="{y + 12}" style="font-size:11px;fill:#111">{html.escape(name[:letters])}</text>')
        out.append("</g>")
    return "\n".join(out + ["</svg>", ""])
