#pragma once

#include "telemetry/health.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

/// Where the parts of an agent tell what they do, for scrapes and probes. Both are thread-safe, and outlive who tells.
struct Monitoring {
  telemetry::Metrics& metrics;
  telemetry::Health& health;
};

}  // namespace selvage::controller
