"""docs/images/rooms.svg, the picture of the rooms, is that of rooms.py. `--fix` redraws it.

Each box is a top folder with its rooms; a room uses those below it to which lines lead. Lines that follow from others
are left out. The last line of a box names the other folders that its rooms use.
"""

import sys
from html import escape

from rooms import USES
from tracked import ROOT, report

PICTURE = ROOT / "docs/images/rooms.svg"
ROOM_WIDTH, ROOM_HEIGHT, GAP_X, GAP_Y, PAD, HEAD, FOOT = 104, 26, 12, 30, 14, 26, 24
MAX_WIDTH = 1000

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .name { font-weight: 600 }
  .uses { font-size: 11px; fill: #59636e }
  .folder { fill: #f6f8fa; stroke: #d1d9e0 }
  .room { fill: #ddf4ff; stroke: #54aeff }
  line { stroke: #818b98; stroke-width: 1 }
"""


def levels(uses):
    """Room -> how many rooms the longest way down from it passes."""
    level = {}
    for room in uses:  # in the order of the table: what is used comes first
        level[room] = 1 + max((level[used] for used in uses[room] if used in level), default=-1)
    return level


def reached(uses, room):
    """All rooms that a room uses, through others as well."""
    found = set()
    for used in uses[room]:
        found |= {used} | reached(uses, used)
    return found


def reduced(uses):
    """The uses that do not follow from others."""
    return {
        room: [used for used in direct if not any(used in reached(uses, other) for other in direct if other != used)]
        for room, direct in uses.items()
    }


def folders():
    """Top folder -> (its rooms with what they use among themselves, the other folders that they use)."""
    inside, outside = {}, {}
    for room, used in USES.items():
        top = room.split("/")[0]
        inside.setdefault(top, {})[room] = [other for other in used if other.split("/")[0] == top]
        outside.setdefault(top, []).extend(other.split("/")[0] for other in used if other.split("/")[0] != top)
    order = list(inside)
    return {top: (inside[top], sorted(set(outside[top]), key=order.index)) for top in order}


class Box:
    """One top folder."""

    def __init__(self, name, uses, others):
        self.name, self.others = name, others
        self.lines = reduced(uses)
        level = levels(uses)
        self.rows = [[room for room in uses if level[room] == at] for at in range(max(level.values()), -1, -1)]
        widest = max(len(row) for row in self.rows)
        text = 7 * (len(self.footer()) + 1)
        self.width = max(2 * PAD + widest * ROOM_WIDTH + (widest - 1) * GAP_X, text)
        self.height = HEAD + len(self.rows) * ROOM_HEIGHT + (len(self.rows) - 1) * GAP_Y + FOOT + PAD // 2

    def footer(self):
        return "uses " + ", ".join(self.others) if self.others else "uses no other"

    def draw(self, left, top):
        yield f'<rect class="folder" x="{left}" y="{top}" width="{self.width}" height="{self.height}" rx="6"/>'
        yield f'<text class="name" x="{left + PAD}" y="{top + 18}">{escape(self.name)}/</text>'
        at = {}
        for row, rooms in enumerate(self.rows):
            space = (self.width - len(rooms) * ROOM_WIDTH) / (len(rooms) + 1)
            for column, room in enumerate(rooms):
                x = left + space + column * (ROOM_WIDTH + space)
                at[room] = (round(x, 1), top + HEAD + row * (ROOM_HEIGHT + GAP_Y))
        for room, used in self.lines.items():
            for other in used:
                (x, y), (to_x, to_y) = at[room], at[other]
                ends = f'x1="{x + ROOM_WIDTH / 2}" y1="{y + ROOM_HEIGHT}" x2="{to_x + ROOM_WIDTH / 2}" y2="{to_y}"'
                yield f"<line {ends}/>"
        for room, (x, y) in at.items():
            label = escape(room.split("/", 1)[-1])
            yield f'<rect class="room" x="{x}" y="{y}" width="{ROOM_WIDTH}" height="{ROOM_HEIGHT}" rx="4"/>'
            yield f'<text x="{x + ROOM_WIDTH / 2}" y="{y + 17}" text-anchor="middle">{label}</text>'
        yield f'<text class="uses" x="{left + PAD}" y="{top + self.height - 9}">{escape(self.footer())}</text>'


def picture():
    """The SVG's text: folders in rows, those that use others above these."""
    tops = folders()
    level = levels({top: others for top, (_, others) in tops.items()})
    parts, y, width = [], 10, 0
    for at in range(max(level.values()), -1, -1):
        x, height = 10, 0
        for top, (uses, others) in tops.items():
            if level[top] != at:
                continue
            box = Box(top, uses, others)
            if x > 10 and x + box.width > MAX_WIDTH:
                x, y, height = 10, y + height + GAP_Y // 2, 0
            parts += box.draw(x, y)
            x, height = x + box.width + GAP_X, max(height, box.height)
            width = max(width, x)
        y += height + GAP_Y // 2
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}">'
    title = "<title>Rooms of the source tree and what each uses</title>"
    return "\n".join([head, title, f"<style>{STYLE}</style>", *parts, "</svg>"]) + "\n"


def main():
    if sys.argv[1:] == ["--fix"]:
        PICTURE.write_text(picture(), encoding="utf-8")
    current = PICTURE.read_text(encoding="utf-8") if PICTURE.exists() else ""
    return report([] if current == picture() else [f"{PICTURE.relative_to(ROOT)}: not the rooms of rooms.py; run --fix"])


if __name__ == "__main__":
    sys.exit(main())
