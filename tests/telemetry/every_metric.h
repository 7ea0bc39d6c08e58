#pragma once

#include <vector>

#include "telemetry/metrics.h"

namespace selvage::telemetry {

/// A moment that tests may count from.
inline const Moment kStart = Moment{} + std::chrono::hours(1000);

/// Counters of each verdict, with names as in Kubernetes.
[[nodiscard]] std::vector<PacketCount> packet_counts();

/// Reports the same fixed values to `metrics`, so that every family has a series. The last success is at 1,700,000,000
/// s after 1970, which is `now`.
void feed_everything(Metrics& metrics, Moment now);

}  // namespace selvage::telemetry
