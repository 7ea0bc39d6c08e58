#pragma once

#include "telemetry/health.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

class EventRecorder;

/// Where the parts of an agent tell what they do, for scrapes, probes and `kubectl events`. All are thread-safe, and
/// outlive who tells.
struct Monitoring {
  telemetry::Metrics& metrics;
  telemetry::Health& health;
  EventRecorder* events = nullptr;  ///< nullptr: no Events are written
};

}  // namespace selvage::controller
