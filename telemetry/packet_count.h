#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/direction.h"
#include "base/result.h"

namespace selvage::telemetry {

/// The meaning of a kernel counter, and its metric.
enum class PacketVerdict : std::uint8_t {
  denied,                    ///< selvage_denied_*_total: by policies; has a direction and a pod
  unknown_endpoint_dropped,  ///< selvage_unknown_endpoint_dropped_*_total: unknown addresses on pod bridges; has a
                             ///< direction
  cut,                       ///< selvage_cut_*_total: of connections that policies now deny
  allowed,                   ///< selvage_policy_allowed_*_total: by element counters; has a direction and policies
  staged,                    ///< selvage_staged_denied_*_total: by staged policies if enforced; has all of these
};

/// A kernel counter, or a sum of some.
struct PacketCount {
  PacketVerdict verdict = PacketVerdict::denied;
  std::optional<Direction> direction;
  std::string namespace_name;         ///< of the local pod; empty where no known pod owns the address
  std::string pod;                    ///< its name
  std::vector<std::string> policies;  ///< "namespace/name", sorted: all that allow the packets, or would deny them
  std::uint64_t packets = 0;          ///< since the kernel's counter was made
  std::uint64_t bytes = 0;

  friend bool operator==(const PacketCount&, const PacketCount&) = default;
};

/// Reads the kernel's counters. Called in the thread that serves scrapes, concurrently with the users of Metrics;
/// should take milliseconds.
using ReadPacketCounts = std::function<Result<std::vector<PacketCount>>()>;

}  // namespace selvage::telemetry
