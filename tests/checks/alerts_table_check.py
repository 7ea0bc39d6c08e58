"""The alerts in docs/metrics.md are those of the chart, which is their one source. `--fix` writes the column anew."""

import re
import sys

from tracked import ROOT, report, text_of

DOCUMENT, ALERTS = "docs/metrics.md", "charts/selvage/files/alerts.yaml"
ALERT = re.compile(r"- alert: (\w+)\n    expr: (.*)\n(?:    for: (\w+)\n)?    labels:\n      severity: (\w+)\n")
ROW = re.compile(r"(\| `(?P<metric>\w+)` \| (?:counter|gauge|histogram) \|.*\| )(?P<alert>[^|]*) \|$")


def metric_of(expression, metrics):
    """The metric that an expression names first, of those given: the one that its alert belongs to."""
    found = [name.removesuffix("_bucket") for name in re.findall(r"\w+", expression)]
    return next((name for name in found if name in metrics), None)


def with_alerts(document, alerts):
    """The document with the last column of its table of metrics made from the chart's alerts."""
    metrics = {match["metric"] for match in map(ROW.match, document.split("\n")) if match}
    cells = {}
    for name, expression, duration, severity in ALERT.findall(alerts):
        lasting = f", for {duration}" if duration else ""
        cells[metric_of(expression, metrics)] = f"{name} ({severity}): `{expression}`{lasting}"

    def row(line):
        match = ROW.match(line)
        return f"{match[1]}{cells.get(match['metric'], 'none')} |" if match else line

    return "\n".join(map(row, document.split("\n")))


def main():
    document = text_of(DOCUMENT)
    right = with_alerts(document, text_of(ALERTS))
    if sys.argv[1:] == ["--fix"]:
        (ROOT / DOCUMENT).write_text(right, encoding="utf-8")
        return 0
    pairs = enumerate(zip(document.split("\n"), right.split("\n")), 1)
    return report([f"{DOCUMENT}:{number}: not the alert of {ALERTS}" for number, (old, new) in pairs if old != new])


if __name__ == "__main__":
    sys.exit(main())
