#pragma once

#include "telemetry/health.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

class EventRecorder;

/// Where the parts of an agent report to, for scrapes, probes and `kubectl events`. All members are thread-safe, and
/// outlive their users.
struct Monitoring {
  telemetry::Metrics& metrics;
  telemetry::Health& health;
  EventRecorder* events = nullptr;  ///< nullptr: no Events are written
};

}  // namespace selvage::controller
