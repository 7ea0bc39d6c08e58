#pragma once

#include <optional>

#include "policy/explain/explain.h"
#include "tests/support/random_cluster.h"

namespace selvage::testing {

/// The cluster changed so that the explanation's nearest rule matches: labels set, blocks and ports added, excepts
/// taken out. Nothing where no label can satisfy the rule's selector, as it contradicts itself.
[[nodiscard]] std::optional<Cluster> mend(const Cluster& cluster, const policy::Explanation& explanation);

}  // namespace selvage::testing
