#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "base/wall_time.h"
#include "bench/api_latency/scenario.h"

namespace selvage::bench {

/// One change. Times are in milliseconds since the API server's answer had come: negative where something was earlier.
struct Sample {
  ChangeKind kind = ChangeKind::policy;
  bool allows = false;
  WallTime accepted;      ///< when the answer had come, as logs have it
  double judged = 0;      ///< until the first packet that the new policy judged
  double watched = 0;     ///< until a bare watch client had the event
  double request = 0;     ///< how long the request took
  double resolution = 0;  ///< between that packet and the one before
  std::size_t strays = 0;
};

/// The value that `share` (0 to 1) of the values are not above; of none: 0.
[[nodiscard]] double quantile(std::vector<double> values, double share);

/// Prints a table in Markdown: a line for all changes and one for each kind. `cpu`: milliseconds of the agent's
/// processor time for all of them. The spread is that of the medians of five consecutive parts.
void report(std::size_t pods, std::size_t policies, const std::vector<Sample>& samples, double cpu);

}  // namespace selvage::bench
