#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "controller/tables/chains.h"
#include "policy/compile/snapshot.h"

namespace selvage::controller {

/// The staged policies that would deny packets to or from local pods, "namespace/name", sorted, the first 16; by
/// Direction and the pod's address. Pods that an enforced policy isolates are not there: to them staged policies deny
/// nothing.
using StagedLabels = std::array<std::map<IpAddress, policy::Origins>, 2>;

/// Whom the counters at elements count for. A copy: holds however the policy changes afterwards.
struct CounterLabels {
  /// The elements of a predicate's set, each with all policies that give the permission.
  struct PolicySet {
    policy::Direction direction = policy::Direction::ingress;
    nft::SetSpec spec;
    std::map<nft::ElementKey, policy::Origins> policies;
    friend bool operator==(const PolicySet&, const PolicySet&) = default;
  };

  std::map<IpAddress, std::string> pods;   ///< "namespace/name" of the local pods, by their addresses
  std::map<std::string, PolicySet> allow;  ///< by name of the set; empty without RenderOptions::policy_counters
  std::optional<StagedLabels> staged;      ///< of the table of staged policies; none: there is none
  friend bool operator==(const CounterLabels&, const CounterLabels&) = default;
};

/// Of the tables that `render` makes of the two. Costs what the local pods are, and with policy counters what the
/// permissions are. Pure.
[[nodiscard]] CounterLabels counter_labels(const policy::NodePolicy& policy, const RenderOptions& options);
/// Makes of the owners before a change those after it, the staged ones left as they are. Costs what the change is.
void update_labels(CounterLabels& owners, const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy,
                   const RenderOptions& options);
/// By the snapshot of a compiler of staged policies (policy::Stages).
[[nodiscard]] StagedLabels staged_labels(const policy::Snapshot& staged);

}  // namespace selvage::controller
