"""The document's tables."""

import results as r

WORKS = {
    "udp_judged": ("small UDP packet, no answer yet (each is judged by all), ns", 1, "{:.0f}"),
    "udp_established": ("small UDP packet of an established flow, ns", 1, "{:.0f}"),
    "udp_denied": ("small UDP packet that is denied, ns (with *none* it arrives)", 1, "{:.0f}"),
    "tcp_connections": ("TCP connection, set up and torn down, µs", 1e-3, "{:.1f}"),
    "tcp_request_p50": ("request and response over TCP, µs (p50)", 1e-3, "{:.2f}"),
    "tcp_request_p99": ("request and response over TCP, µs (p99)", 1e-3, "{:.2f}"),
}
BULK = 8 * 2**20  # bits of the MiB whose nanoseconds are measured: Gbit/s are BULK / ns


def row(cells):
    return "| " + " | ".join(cells) + " |"


def head(cells):
    return [row(cells), "|" + "---|" * len(cells)]


def cell(figure, floor, again, scale, form):
    if figure is None:
        return "not here"
    value = form.format(figure["ns"] * scale)
    if figure is floor:
        return value
    noise = " ≈" if r.within_noise(figure, again) else ""
    return f"{value} ({figure['ratio']:.2f}{noise})"


def bulk_cell(figure, floor, again):
    if figure is None:
        return "not here"
    value = f"{BULK / figure['ns']:.1f}"
    if figure is floor:
        return value
    noise = " ≈" if r.within_noise(figure, again) else ""
    return f"{value} ({figure['ratio']:.2f}{noise})"


def lines_of(figures, work, axis, values, where):
    """A table line for each value of the axis at which `work` was measured."""
    out = []
    for value in values:
        found = r.packets(figures, work=work, **dict(where, **{axis: value}))
        if "none" not in found:
            continue
        floor, again = found["none"], found.get(r.AGAIN)
        if work == "tcp_bulk":
            cells = [bulk_cell(found.get(layout), floor, again) for layout in r.LAYOUTS]
        else:
            cells = [cell(found.get(layout), floor, again, *WORKS[work][1:]) for layout in r.LAYOUTS]
        spread = f"{again['ratio_low']:.2f} to {again['ratio_high']:.2f}" if again else ""
        out.append(row([f"{value:,}"] + cells + [spread]))
    return out


def packet_tables(figures, axis, values, works, **where):
    """A table for each work."""
    out = []
    for work in works:
        title = WORKS[work][0] if work in WORKS else "bulk TCP, Gbit/s"
        lines = lines_of(figures, work, axis, values, where)
        if lines:
            out += [f"**{title[0].upper()}{title[1:]}**", ""] + head([axis] + r.LAYOUTS + ["*none* again"]) + lines + [""]
    return "\n".join(out)


def changes_of(figures):
    seen = []
    for figure in r.of(figures, "change"):
        if figure["change"] not in seen and "appears" not in figure["change"]:
            seen.append(figure["change"])
    return seen


def milliseconds(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def change_cell(figures, subject, change, pods):
    found = r.of(figures, "change", subject=subject, change=change, pods=pods, policies=1000)
    if not found:
        return "–"
    ms, cpu = (r.median([figure[key] for figure in found]) for key in ("ms", "cpu_ms"))
    rss = r.median([figure["rss_mib"] for figure in found])
    return f"{milliseconds(ms)} / {milliseconds(cpu)} / {rss:.0f}"


def change_table(figures, sizes):
    """Milliseconds to enforced, of CPU, and MiB at most."""
    out = head(["pods", "change"] + r.SUBJECTS + ["Selvage, p99"])
    for pods in sizes:
        for change in changes_of(figures):
            cells = [change_cell(figures, subject, change, pods) for subject in r.SUBJECTS]
            own = r.of(figures, "change", subject="Selvage", change=change, pods=pods, policies=1000)
            p99 = f"{r.median([figure['p99_ms'] for figure in own]):.3g}" if own else "–"
            if any(found != "–" for found in cells):
                out.append(row([f"{pods:,}", change] + cells + [p99]))
    return "\n".join(out)


def start_table(figures):
    out = head(["pods", "policies", "who", "enforced after, ms", "CPU, ms", "peak RSS, MiB", "of a child, MiB"])
    keys = {(f["pods"], f["policies"], r.SUBJECTS.index(f["subject"])) for f in r.of(figures, "start")}
    for pods, policies, index in sorted(keys):
        found = r.of(figures, "start", pods=pods, policies=policies, subject=r.SUBJECTS[index])
        middle = {key: r.median([f[key] for f in found]) for key in ("ms", "cpu_ms", "rss_mib", "child_rss_mib")}
        child = "" if index == 0 else f"{middle['child_rss_mib']:.0f}"
        out.append(row([f"{pods:,}", f"{policies:,}", r.SUBJECTS[index], f"{middle['ms']:.0f}", f"{middle['cpu_ms']:.0f}",
                        f"{middle['rss_mib']:.0f}", child]))
    return "\n".join(out)


def stage_table(figures):
    stages = r.of(figures, "stage")
    whole = sum(stage["ms"] for stage in stages)
    out = head(["stage", "ms (median)", "quartiles", "share"])
    for name in ("decode", "compile", "render", "diff", "encode", "kernel"):
        for stage in stages:
            if stage["stage"] == name:
                out.append(row([name, f"{stage['ms']:.1f}", f"{stage['ms_low']:.1f} to {stage['ms_high']:.1f}",
                                f"{100 * stage['ms'] / whole:.0f} %"]))
    return "\n".join(out)
