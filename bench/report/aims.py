"""The performance goals, and whether they are met."""

import results as r
import tables

POINT = dict(path="bridge", pods=10_000, blocks=0, range=False)


def verdict(reached):
    return "reached" if reached else "**missed**"


def ratio_line(figures, name, work, limit, path):
    where = dict(POINT, path=path, policies=100)
    found = r.packets(figures, work=work, **where).get("Selvage")
    if found is None:
        return None
    where_text = "bridge" if path == "bridge" else "VXLAN"
    return [f"{name}, {where_text}, 100 policies", f"at most {limit:.2f} times *none*", f"{found['ratio']:.3f} times",
            verdict(found["ratio"] <= limit)]


def flat_line(figures, axis, limit, **where):
    exponent = r.exponent(r.packet_axis(figures, "Selvage", "udp_judged", axis, **where))
    if exponent is None:
        return None
    return [f"small packets by {axis}", f"exponent at most {limit}", f"{exponent:+.3f}", verdict(exponent <= limit)]


def faster_line(figures, work, name):
    """Selvage against the fastest rival from 10 policies on."""
    worst, against = 0.0, ""
    for policies in (10, 100, 1000):
        found = r.packets(figures, work=work, **dict(POINT, policies=policies))
        if "Selvage" not in found:
            continue
        for rival in r.RIVALS:
            if rival in found and found["Selvage"]["ns"] / found[rival]["ns"] > worst:
                worst, against = found["Selvage"]["ns"] / found[rival]["ns"], f"{rival}, {policies} policies"
    if not against:
        return None
    return [f"{name}: faster than each other layout from 10 policies on", "below 1.00 of the fastest", f"{worst:.3f} ({against})",
            verdict(worst < 1)]


def change_line(figures):
    found = r.of(figures, "change", subject="Selvage", pods=10_000, policies=1000)
    single = [f for f in found if "1,000 pods" not in f["change"] and "rolling" not in f["change"]]
    if not single:
        return None
    worst = max(single, key=lambda figure: figure["p99_ms"])
    return ["one change, event to committed, 10,000 pods, p99", "5 ms", f"{worst['p99_ms']:.2f} ms ({worst['change']})",
            verdict(worst["p99_ms"] < 5)]


def resync_line(figures):
    own, other = (r.change_axis(figures, subject, "pod added", "pods", policies=1000) for subject in ("Selvage", "full resync"))
    pairs = [(pods, dict(other)[pods] / cost) for pods, cost in own if pods in dict(other)]
    if not pairs:
        return None
    pods, least = min(pairs, key=lambda pair: pair[1])
    return ["CPU of a change against the full resync", "20 times less", f"{least:,.0f} times less ({pods:,} pods)",
            verdict(least >= 20)]


def user_line(figures):
    """The cost of a change with cold caches before the commit, at the smallest and at the largest size."""
    costs = {}
    for figure in r.of(figures, "change", subject="Selvage", change="pod added", policies=1000):
        if "before_commit_ms" in figure:
            costs.setdefault(figure["pods"], []).append(figure["before_commit_ms"])
    if len(costs) < 2:
        return None
    least, most = min(costs), max(costs)
    first, last = r.median(costs[least]), r.median(costs[most])
    exponent = r.exponent([(least, first), (most, last)])
    return ["user space of a change (pod added) by pods", "independent: exponent at most 0.1",
            f"{exponent:+.2f} ({first:.3f} ms at {least:,} pods, {last:.3f} at {most:,})", verdict(exponent <= 0.1)]


def start_lines(figures):
    for pods, limit_ms, limit_mib in ((10_000, 500, 32), (50_000, None, 64)):
        found = r.of(figures, "start", subject="Selvage", pods=pods, policies=1000)
        if not found:
            continue
        ms, mib = (r.median([figure[key] for figure in found]) for key in ("ms", "rss_mib"))
        if limit_ms:
            yield [f"from nothing, {pods:,} pods, 1,000 policies", f"{limit_ms} ms", f"{ms:.0f} ms", verdict(ms < limit_ms)]
        yield [f"peak RSS, {pods:,} pods (of the measuring program: no HTTP, no JSON)", f"{limit_mib} MiB", f"{mib:.0f} MiB",
               verdict(mib < limit_mib)]


def table(figures):
    lines = []
    for path in ("bridge", "vxlan"):
        lines += [ratio_line(figures, "bulk TCP", "tcp_bulk", 1.05, path),
                  ratio_line(figures, "request and response", "tcp_request_p50", 1.05, path),
                  ratio_line(figures, "small packets of a connection", "udp_established", 1.08, path),
                  ratio_line(figures, "small packets, each judged", "udp_judged", 1.08, path)]
    lines += [flat_line(figures, "policies", 0.03, **POINT),
              flat_line(figures, "pods", 0.03, path="bridge", policies=100, blocks=0, range=False),
              flat_line(figures, "blocks", 0.1, path="bridge", policies=100, pods=10_000, range=False)]
    for work, name in (("udp_judged", "first packets"), ("tcp_connections", "connections"), ("udp_denied", "denied packets"),
                       ("udp_established", "established packets"), ("tcp_request_p50", "requests"), ("tcp_bulk", "bulk")):
        lines.append(faster_line(figures, work, name))
    lines += [change_line(figures), user_line(figures), resync_line(figures), *start_lines(figures)]
    return "\n".join(tables.head(["", "aim", "measured", ""]) + [tables.row(line) for line in lines if line])
