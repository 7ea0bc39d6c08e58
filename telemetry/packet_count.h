#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/direction.h"
#include "base/result.h"

namespace selvage::telemetry {

/// What a counter of the kernel counts, and with it the metric that it becomes.
enum class PacketVerdict : std::uint8_t {
  denied,                    ///< selvage_denied_*_total: by policy; has a direction and a pod
  unknown_endpoint_dropped,  ///< selvage_unknown_endpoint_dropped_*_total: unknown addresses on pod bridges; has a
                             ///< direction
  cut,                       ///< selvage_cut_*_total: of connections that policy denies by now
  allowed,                   ///< selvage_policy_allowed_*_total: by element counters; has a direction and policies
  staged,                    ///< selvage_staged_denied_*_total: what staged policies would deny; has all of these
};

/// One counter of the kernel, or the sum of some. Counts that would be one series are added up.
struct PacketCount {
  PacketVerdict verdict = PacketVerdict::denied;
  std::optional<Direction> direction;
  std::string namespace_name;         ///< of the local pod; empty where the address is no known pod's
  std::string pod;                    ///< its name
  std::vector<std::string> policies;  ///< "namespace/name", sorted: all that allow what was counted, or would deny it
  std::uint64_t packets = 0;          ///< since the kernel's counter was made
  std::uint64_t bytes = 0;

  friend bool operator==(const PacketCount&, const PacketCount&) = default;
};

/// Reads the kernel's counters. Is called in the thread that serves scrapes, while the caller of
/// Metrics may be at work in another; should take milliseconds.
using ReadPacketCounts = std::function<Result<std::vector<PacketCount>>()>;

}  // namespace selvage::telemetry
