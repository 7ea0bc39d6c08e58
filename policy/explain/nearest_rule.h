#pragma once

#include <optional>
#include <vector>

#include "policy/explain/explain.h"
#include "policy/explain/rule_distance.h"
#include "policy/tiers/tiers.h"

namespace selvage::policy {

struct NearestAnswer {
  std::optional<NearestRule>
      rule;  ///< none where no change of labels, blocks or ports makes one match; without failed conditions it matches
  bool complete = true;  ///< false: the search reached its limit before it compared all rules
};

/// The nearest rule of `policies`, which all isolate the local pod in the query's direction. While the search is
/// complete their order does not matter. See `explain` for what near means. Pure.
[[nodiscard]] NearestAnswer find_nearest(const FlowQuery& query, const std::vector<const Policy*>& policies);

}  // namespace selvage::policy
