#pragma once

#include <cstddef>

#include "policy/compile/compiler.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

/// Publishes the numbers of objects, `staged_policies` in addition to the compiler's, and of enforced elements. Takes
/// constant time.
void publish(const policy::Compiler& compiler, std::size_t staged_policies, telemetry::Metrics& metrics);

}  // namespace selvage::controller
