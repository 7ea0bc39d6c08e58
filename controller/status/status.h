#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/wall_time.h"
#include "policy/compile/snapshot.h"
#include "telemetry/health.h"
#include "telemetry/packet_count.h"

/// The state of an agent, as `selvage status` shows it.
namespace selvage::controller {

/// One direction of a pod of this node.
struct DirectionStatus {
  std::vector<std::string> policies;            ///< that isolate the pod, "namespace/name", sorted; empty: not isolated
  std::optional<std::uint64_t> denied_packets;  ///< since its element was made; absent where counters cannot be read
  std::vector<std::string> staged_policies;     ///< that would isolate the pod; empty while others isolate it
  std::uint64_t staged_packets = 0;             ///< that the staged policies would have denied
};

struct PodStatus {
  std::string name;                           ///< "namespace/name"
  bool host_network = false;                  ///< on the node's own network: no policy applies to it
  std::vector<std::string> addresses;         ///< empty: none yet, or another pod owns them
  std::array<DirectionStatus, 2> directions;  ///< by policy::Direction
};

struct SyncStatus {
  std::optional<WallTime> last;  ///< the last success, if any
  std::size_t pending = 0;       ///< events that are not enforced yet
};

struct AgentStatus {
  std::string version;
  std::string node;
  std::string source;  ///< "manifests in /etc/...", "API server"
  std::string tables;  ///< "owned", "open"
  SyncStatus sync;
  std::array<std::size_t, 3> objects{};  ///< known pods, namespaces, policies
  telemetry::HealthChecks readiness;
  std::map<std::string, std::chrono::seconds> stale;  ///< by resource: time since the source last confirmed it
  std::vector<PodStatus> pods;                        ///< unfinished pods of this node, by name
};

/// The unfinished pods of `node`, which is the snapshot's, by name. `counts` are the kernel's packet counters, if they
/// could be read.
[[nodiscard]] std::vector<PodStatus> pods_of(const policy::Snapshot& snapshot, const std::string& node,
                                             const std::optional<std::vector<telemetry::PacketCount>>& counts);

/// One JSON object on one line (docs/cli.md names its members).
[[nodiscard]] std::string to_json(const AgentStatus& status);

}  // namespace selvage::controller
