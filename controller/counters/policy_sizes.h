#pragma once

#include <cstddef>

#include "policy/compile/snapshot.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

/// Tells the metrics how many objects there are, `staged_policies` beside those in the snapshot, and how much is
/// enforced for them. Costs the same whatever there is.
void publish(const policy::Snapshot& snapshot, std::size_t staged_policies, telemetry::Metrics& metrics);

}  // namespace selvage::controller
