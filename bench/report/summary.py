"""The first page: what the tables below say, in two of them."""

import results as r
import tables

WORKS = {
    "udp_judged": "first packet (UDP)", "udp_established": "packet of a connection (UDP)", "udp_denied": "denied packet",
    "tcp_connections": "connection, set up and torn down", "tcp_request_p50": "request and response", "tcp_bulk": "bulk TCP",
}
LAYOUTS = ["Selvage", "rule per policy", "iptables + ipset", "Calico-like"]
SIZES = (100, 1000)


def ratio(figures, layout, work, policies):
    where = dict(path="bridge", pods=10_000, blocks=0, range=False, policies=policies)
    found = r.packets(figures, work=work, **where).get(layout)
    return f"{found['ratio']:.2f}" if found else "–"


def packet_table(figures):
    """Ratios to no policy, of pods of one node."""
    out = tables.head([""] + [f"{layout}, {policies:,}" for layout in LAYOUTS for policies in SIZES])
    for work, name in WORKS.items():
        out.append(tables.row([name] + [ratio(figures, layout, work, size) for layout in LAYOUTS for size in SIZES]))
    return "\n".join(out)


def milliseconds(found, key):
    return f"{tables.milliseconds(r.median([figure[key] for figure in found]))} ms" if found else "–"


def change_table(figures, sizes):
    """Time until a change, or everything, is enforced, by pods of the cluster."""
    out = tables.head(["", "pods"] + r.SUBJECTS)
    for name, kind, where in (("a pod appears on another node", "change", {"change": "pod added"}), ("from nothing", "start", {})):
        for pods in sizes:
            found = [r.of(figures, kind, subject=subject, pods=pods, policies=1000, **where) for subject in r.SUBJECTS]
            if any(found):
                out.append(tables.row([name, f"{pods:,}"] + [milliseconds(each, "ms") for each in found]))
    return "\n".join(out)
