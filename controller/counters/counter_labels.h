#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "controller/tables/chains.h"
#include "policy/compile/snapshot.h"

namespace selvage::controller {

/// By Direction and address of a local pod: the staged policies that would deny packets to or from it,
/// "namespace/name", sorted, at most 16. Without pods that an enforced policy isolates: staged policies deny them
/// nothing.
using StagedLabels = std::array<std::map<IpAddress, policy::Origins>, 2>;

/// Maps each counted element to the pod or policies it belongs to. A snapshot, independent of later policy changes.
struct CounterLabels {
  /// The elements of a predicate's set, each with all policies that grant the permission.
  struct PolicySet {
    policy::Direction direction = policy::Direction::ingress;
    nft::SetSpec spec;
    std::map<nft::ElementKey, policy::Origins> policies;
    friend bool operator==(const PolicySet&, const PolicySet&) = default;
  };

  std::map<IpAddress, std::string> pods;   ///< "namespace/name" of the local pods, by their addresses
  std::map<std::string, PolicySet> allow;  ///< by name of the set; empty without RenderOptions::policy_counters
  std::optional<StagedLabels> staged;      ///< of the table of staged policies; none: no such table
  friend bool operator==(const CounterLabels&, const CounterLabels&) = default;
};

/// The labels of the tables that `render` makes of the two, in time proportional to the local pods, and with policy
/// counters to the permissions. Pure.
[[nodiscard]] CounterLabels counter_labels(const policy::NodePolicy& policy, const RenderOptions& options);
/// Updates the labels by a change, except the staged ones, in time proportional to the change.
void update_labels(CounterLabels& labels, const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy,
                   const RenderOptions& options);
/// From the snapshot of a compiler of staged policies (policy::Stages).
[[nodiscard]] StagedLabels staged_labels(const policy::Snapshot& staged);

}  // namespace selvage::controller
