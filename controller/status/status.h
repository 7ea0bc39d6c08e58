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

/// What an agent says of itself to people on its node (`selvage status`).
namespace selvage::controller {

/// How a pod of this node stands in one direction.
struct DirectionStatus {
  std::vector<std::string> policies;            ///< that isolate it, "namespace/name", sorted; none: it is not isolated
  std::optional<std::uint64_t> denied_packets;  ///< since its element was made; nothing where counters cannot be read
  std::vector<std::string> staged_policies;     ///< that would isolate it, likewise; none while others isolate it
  std::uint64_t staged_packets = 0;             ///< that these would have denied
};

struct PodStatus {
  std::string name;  ///< "namespace/name"
  std::vector<std::string> addresses;
  std::array<DirectionStatus, 2> directions;  ///< by policy::Direction
};

/// What has happened to syncs so far.
struct SyncStatus {
  std::optional<WallTime> last;  ///< success
  std::size_t pending = 0;       ///< events that are not enforced yet
};

struct AgentStatus {
  std::string version;
  std::string node;
  std::string source;  ///< "manifests in /etc/...", "API server"
  std::string tables;  ///< "owned", "open"
  SyncStatus sync;
  std::array<std::size_t, 3> objects{};  ///< pods, namespaces, policies that are known
  telemetry::HealthChecks readiness;
  std::map<std::string, std::chrono::seconds> blind;  ///< by resource: for how long nothing is heard of it
  std::vector<PodStatus> pods;                        ///< of this node that have an address, by name
};

/// The pods of this node and how they stand. `counts` are the kernel's counters of denied packets, if they could be
/// read.
[[nodiscard]] std::vector<PodStatus> pods_of(const policy::Snapshot& snapshot,
                                             const std::optional<std::vector<telemetry::PacketCount>>& counts);

/// One JSON object on one line (docs/cli.md names its members).
[[nodiscard]] std::string to_json(const AgentStatus& status);

}  // namespace selvage::controller
