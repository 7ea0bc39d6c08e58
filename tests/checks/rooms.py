"""The rooms: folders of the product, and which rooms the sources of each may include."""

# Room -> the rooms that it uses directly. A room uses rooms above it in this table only, so that no circle can arise.
_USES = {
    "base": "",
    "policy/model": "base",
    "policy/tiers": "policy/model",
    "policy/compile": "base policy/model policy/tiers",
    "policy/explain": "base policy/model policy/tiers policy/compile",
    "netlink": "base",
    "host": "base netlink",
    "nft/model": "base",
    "nft/text": "base nft/model",
    "nft/plan": "base nft/model nft/text",
    "nft/trace": "base nft/model nft/text",
    "nft/wire": "base netlink nft/model nft/text nft/plan",
    "nft/kernel": "base netlink nft/model nft/plan nft/wire",
    "k8s_client/api": "base policy/model",
    "k8s_client/decode": "base policy/model",
    "k8s_client/config": "base k8s_client/decode",
    "k8s_client/json": "base k8s_client/api k8s_client/decode",
    "k8s_client/manifests": "base policy/model k8s_client/decode",
    "k8s_client/http": "base k8s_client/api k8s_client/config",
    "k8s_client/watch": "base policy/model k8s_client/api k8s_client/decode k8s_client/json",
    "telemetry": "base",
    "controller/output": "base",
    "controller/events": "base k8s_client/api k8s_client/json telemetry controller/output",
    "controller/tables": "base policy/compile host nft/model nft/plan",
    "controller/connections": "base policy/compile host nft/model nft/plan controller/tables",
    "controller/node": "policy/compile policy/explain host",
    "controller/refusals": "base nft/model nft/text nft/plan controller/tables",
    "controller/sources": (
        "base policy/model k8s_client/api k8s_client/decode k8s_client/config k8s_client/json "
        "k8s_client/manifests k8s_client/http k8s_client/watch telemetry controller/events"
    ),
    "controller/status": "base policy/compile telemetry controller/output controller/tables",
    "controller/counters": "base policy/compile netlink nft/kernel telemetry controller/tables",
    "controller/denials": (
        "base policy/compile policy/explain host telemetry controller/output controller/tables "
        "controller/node"
    ),
    "controller/preflight": (
        "base policy/compile host nft/model nft/plan nft/kernel controller/output controller/tables "
        "controller/node"
    ),
    "controller/selfcheck": (
        "base policy/compile policy/explain nft/model nft/plan nft/trace controller/output controller/tables "
        "controller/node"
    ),
    "controller/sync": (
        "base policy/tiers policy/compile nft/model nft/text nft/plan nft/kernel telemetry controller/tables "
        "controller/connections controller/refusals controller/selfcheck"
    ),
    "controller/verdicts": (
        "base policy/model policy/tiers policy/compile nft/model nft/trace controller/output "
        "controller/tables controller/sources controller/selfcheck"
    ),
    "controller/agent": (
        "base policy/tiers policy/compile host nft/kernel telemetry controller/output controller/events "
        "controller/tables controller/node controller/sources controller/status controller/counters "
        "controller/denials controller/preflight controller/selfcheck controller/sync"
    ),
    "lab": "base",
    "demo": "base lab",
    "cli": (
        "base controller/output controller/sources controller/status controller/preflight controller/verdicts "
        "controller/agent"
    ),
    "cli/reference": "demo cli",
}
USES = {room: used.split() for room, used in _USES.items()}

# Files (.h and .cc) that a room holds at most.
MAX_FILES = 40


def room_of(path):
    """The room that a path from the root lies in; None outside of all rooms."""
    folder = path.rpartition("/")[0]
    return folder if folder in USES else None


def target_of(room):
    """The CMake target of a room."""
    return "selvage_" + room.replace("/", "_")
