#pragma once

#include <cstddef>

#include "policy/compile/snapshot.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

/// Publishes the numbers of objects, `staged_policies` in addition to those in the snapshot, and of enforced elements.
/// Takes constant time.
void publish(const policy::Snapshot& snapshot, std::size_t staged_policies, telemetry::Metrics& metrics);

}  // namespace selvage::controller
