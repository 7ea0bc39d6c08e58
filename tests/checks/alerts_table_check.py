"""The table of alerts in docs/metrics.md is made from the chart's alerts, their one source. `--fix` rewrites it."""

import re
import sys

from tracked import ROOT, report, text_of

DOCUMENT, ALERTS = "docs/metrics.md", "charts/selvage/files/alerts.yaml"
ALERT = re.compile(r"- alert: (\w+)\n    expr: (.*)\n(?:    for: (\w+)\n)?    labels:\n      severity: (\w+)\n")
TABLE = re.compile(r"(?<=\n\| alert \| severity \| expression \|\n\|---\|---\|---\|\n)(?:\|.*\n)*")


def with_alerts(document, alerts):
    """The document with the rows of its table of alerts made from the chart's."""
    rows = []
    for name, expression, duration, severity in ALERT.findall(alerts):
        lasting = f", for {duration}" if duration else ""
        rows.append(f"| `{name}` | {severity}{lasting} | `{expression}` |\n")
    return TABLE.sub(lambda _: "".join(rows), document, count=1)


def main():
    document, alerts = text_of(DOCUMENT), text_of(ALERTS)
    if not TABLE.search(document) or len(ALERT.findall(alerts)) != alerts.count("- alert:"):
        return report([f"{DOCUMENT} has no table of alerts, or {ALERTS} is laid out in another way"])
    right = with_alerts(document, alerts)
    if sys.argv[1:] == ["--fix"]:
        (ROOT / DOCUMENT).write_text(right, encoding="utf-8")
        return 0
    return report([] if document == right else [f"{DOCUMENT}: the alerts are not those of {ALERTS}"])


if __name__ == "__main__":
    sys.exit(main())
