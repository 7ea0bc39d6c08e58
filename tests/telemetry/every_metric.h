#pragma once

#include <vector>

#include "telemetry/metrics.h"

namespace selvage::telemetry {

/// A moment that tests may count from.
inline const Moment kStart = Moment{} + std::chrono::hours(1000);

/// Counters of each verdict, with names as Kubernetes has them.
[[nodiscard]] std::vector<PacketCount> packet_counts();

/// Tells `metrics` something of every kind, so that every family has a series; the same each time. The
/// last success is 1,700,000,000 s after 1970, and at `now`.
void feed_everything(Metrics& metrics, Moment now);

}  // namespace selvage::telemetry
