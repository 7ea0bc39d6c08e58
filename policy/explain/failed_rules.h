#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "policy/explain/failed_condition.h"
#include "policy/explain/rule_distance.h"

namespace selvage::policy {

struct RuleMisses {
  std::vector<Miss> misses;
  std::size_t count = 0;  ///< of all; of those of the peer the first `kMaxListed` are in `misses`
};

/// The conditions that the flow fails of a rule with one of its peers (none: it has none, anyone may), of a policy in
/// `namespace_name`: the namespace's first, then the pod's or the block's, then the port's. Pure.
[[nodiscard]] RuleMisses misses_of(const Rule& rule, std::optional<std::size_t> peer, const std::string& namespace_name,
                                   const FlowQuery& query);

}  // namespace selvage::policy
