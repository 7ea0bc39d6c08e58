#pragma once

#include <map>
#include <string>

#include "controller/chains.h"
#include "policy/node_policy.h"

namespace selvage::controller {

/// Whom the counters at elements count for. A copy: holds however the policy changes afterwards.
struct CounterOwners {
  /// The elements of a predicate's set, each with all policies that give the permission.
  struct PolicySet {
    policy::Direction direction = policy::Direction::ingress;
    nft::SetSpec spec;
    std::map<nft::ElementKey, policy::Origins> policies;
  };

  std::map<IpAddress, std::string> pods;   ///< "namespace/name" of the local pods, by their addresses
  std::map<std::string, PolicySet> allow;  ///< by name of the set; empty without RenderOptions::policy_counters
};

/// Of the tables that `render` makes of the two. Costs what the local pods are, and with policy counters what the
/// permissions are. Pure.
[[nodiscard]] CounterOwners counter_owners(const policy::NodePolicy& policy, const RenderOptions& options);

}  // namespace selvage::controller
