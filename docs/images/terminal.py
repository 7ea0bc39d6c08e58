"""Draws what a terminal shows as SVG: `scripts/demo --colour never | docs/images/terminal.py >docs/images/demo.svg`.

Takes the text from the line that holds the first argument (default "Step 3") to the line that holds the second
("as expected"); allowed cells become green, denied ones red. Legible in light and dark.
"""

import html
import re
import sys

STYLE = """<style>
  .bg { fill: #ffffff; stroke: #d0d7de } .bar { fill: #f6f8fa } .dot { fill: #d0d7de }
  text { font: 13px ui-monospace, 'SF Mono', Menlo, Consolas, monospace; fill: #1f2328; white-space: pre }
  .head { font-weight: 600 } .allow { fill: #1a7f37 } .deny { fill: #cf222e } .dim { fill: #59636e }
  @media (prefers-color-scheme: dark) {
    .bg { fill: #0d1117; stroke: #3d444d } .bar { fill: #161b22 } .dot { fill: #3d444d }
    text { fill: #e6edf3 } .allow { fill: #3fb950 } .deny { fill: #f85149 } .dim { fill: #9198a1 }
  }
</style>"""
ROW, LETTER, EDGE, TOP = 20, 7.9, 20, 58
CELL = re.compile(r"allow \S{2}|deny  \S{2}|(?<=\s)\.(?=\s|$)")
KINDS = {"a": "allow", "d": "deny", ".": "dim"}


def chosen(lines, first, last):
    """The part of the output that is drawn, without common indentation."""
    begin = next(number for number, line in enumerate(lines) if first in line)
    end = next(number for number, line in enumerate(lines[begin:], begin) if last in line)
    part = [line.rstrip("\n") for line in lines[begin:end + 1]]
    indent = min(len(line) - len(line.lstrip()) for line in part if line)
    return [line[indent:] for line in part]


def spans(line):
    """A line as SVG text, its cells in colours. Pieces are placed by column, so that fonts cannot shift them."""
    at, out = 0, []
    for cell in CELL.finditer(line):
        out += [(at, line[at:cell.start()], ""), (cell.start(), cell[0], KINDS[cell[0][0]])]
        at = cell.end()
    out.append((at, line[at:], ""))
    for column, text, kind in out:
        for word in re.finditer(r"\S+(?: \S+)*", text):
            name = f' class="{kind}"' if kind else ""
            length = f' textLength="{len(word[0]) * LETTER:.0f}" lengthAdjust="spacingAndGlyphs"'
            yield f'<tspan x="{EDGE + (column + word.start()) * LETTER:.0f}"{name}{length}>{html.escape(word[0])}</tspan>'


def picture(command, lines):
    width = EDGE * 2 + int(max(map(len, lines)) * LETTER)
    height = TOP + ROW * len(lines)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">', STYLE]
    out.append(f"<title>{html.escape(command)}</title>")
    out.append(f'<rect class="bg" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"/>')
    out.append(f'<path class="bar" d="M1 32V8a7 7 0 0 1 7-7H{width - 8}a7 7 0 0 1 7 7V32z"/>')
    out += [f'<circle class="dot" cx="{EDGE + 18 * dot}" cy="17" r="5"/>' for dot in range(3)]
    out.append(f'<text class="dim" x="{EDGE + 64}" y="22">{html.escape(command)}</text>')
    for number, line in enumerate(lines):
        head = ' class="head"' if number == 0 or line.startswith("from") else ""
        out.append(f'<text{head} y="{TOP + ROW * number}">{"".join(spans(line))}</text>')
    return "\n".join(out + ["</svg>", ""])


def main():
    first, last = (sys.argv[1:] + ["Step 3", "as expected"])[:2] if len(sys.argv) > 1 else ("Step 3", "as expected")
    sys.stdout.write(picture("scripts/demo", chosen(sys.stdin.readlines(), first, last)))


if __name__ == "__main__":
    main()
