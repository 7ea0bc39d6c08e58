#pragma once

#include <map>
#include <set>

#include "policy/compile/cells.h"
#include "policy/compile/node_policy.h"

namespace selvage::policy {

/// The parts of a local pod to rewrite: the permissions by some predicates, or everything.
struct Rewrite {
  bool whole = false;
  std::set<PredicateId> predicates;

  void add(const Rewrite& other) {
    whole = whole || other.whole;
    predicates.insert(other.predicates.begin(), other.predicates.end());
  }
  [[nodiscard]] bool concerns(PredicateId id) const { return whole || predicates.count(id) > 0; }
};
using Rewrites = std::map<PodId, Rewrite>;

}  // namespace selvage::policy
