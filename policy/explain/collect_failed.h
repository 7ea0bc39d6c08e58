#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "policy/explain/failed_condition.h"
#include "policy/explain/rule_distance.h"

namespace selvage::policy {

struct FailedConditions {
  std::vector<FailedCondition> conditions;
  std::size_t count = 0;  ///< of all; of the peer's, `conditions` has the first `kMaxListed`
};

/// The conditions that the flow fails of a rule with one of its peers (none: anyone may): the namespace's first, then
/// the pod's or the block's, then the port's. Pure.
[[nodiscard]] FailedConditions collect_failed(const Match& match, std::optional<std::size_t> peer,
                                              const FlowQuery& query);

}  // namespace selvage::policy
