#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "base/wall_time.h"
#include "bench/api_latency/scenario.h"

namespace selvage::bench {

/// One change. Times are in milliseconds after the API server's answer, negative before it.
struct Sample {
  ChangeKind kind = ChangeKind::policy;
  bool allows = false;
  WallTime accepted;      ///< when the answer arrived; the same clock as logs
  double judged = 0;      ///< the first packet that met the new policy
  double watched = 0;     ///< a minimal watch client received the event
  double request = 0;     ///< duration of the request
  double resolution = 0;  ///< time between that packet and the one before
  std::size_t strays = 0;
};

/// The quantile `share` (0 to 1) of the values; 0 without values.
[[nodiscard]] double quantile(std::vector<double> values, double share);

/// Prints a table in Markdown: a line for all changes and one for each kind. `cpu`: the agent's CPU time for all of
/// them, in milliseconds. The spread is that of the medians of five consecutive parts.
void report(std::size_t pods, std::size_t policies, const std::vector<Sample>& samples, double cpu);

}  // namespace selvage::bench
