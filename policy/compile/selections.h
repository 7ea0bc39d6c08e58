#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "policy/compile/inventory.h"
#include "policy/compile/predicate_table.h"
#include "policy/compile/rewrite.h"
#include "policy/tiers/tiers.h"

namespace selvage::policy {

using PolicyId = std::uint32_t;

/// A rule of a policy in force, its peers as predicates.
struct ActiveRule {
  const PolicyRule* rule = nullptr;  ///< of the policy's record
  Direction direction = Direction::ingress;
  std::vector<PredicateId> predicates;
};

struct PolicyRecord {
  Policy policy;
  std::string name;                 ///< "namespace/name"
  std::uint32_t selected_pods = 0;  ///< of this node; in force while there is one
  std::vector<ActiveRule> rules;    ///< while in force
};

/// All policies, and which of this node's pods each selects. A policy that selects one is in force: its predicates are
/// in the table. A pod that changed is compared with the policies of its namespace, a policy that came or went with the
/// local pods of its namespace. Not thread-safe.
class Selections {
 public:
  /// Both must outlive this object.
  Selections(const Inventory& inventory, PredicateTable& predicates) : inventory_(inventory), predicates_(predicates) {}

  /// Takes a policy in, in place of the one of the same object. Nothing follows from it before `update`.
  void set(Policy policy);
  void remove(const ObjectKey& key);

  /// Processes the policies that came or went and the local pods that appeared, changed or went. Returns the pods to
  /// rewrite.
  [[nodiscard]] Rewrites update(const std::set<PodId>& changed_pods);

  /// The policies that select a pod of this node, for either direction, in the order of their ids.
  [[nodiscard]] const std::set<PolicyId>& of(PodId pod) const;
  [[nodiscard]] const PolicyRecord& at(PolicyId id) const { return records_.at(id); }
  [[nodiscard]] std::size_t policy_count() const { return ids_.size(); }

 private:
  [[nodiscard]] std::set<PolicyId> find_selecting(PodId id) const;
  void select(PodId id);
  void begin(PolicyId id, Rewrites& rewrites);
  void end(PolicyId id, Rewrites& rewrites);
  void gain_pod(PolicyRecord& record);
  void lose_pod(PolicyRecord& record);
  void put_in_force(PolicyRecord& record);
  void take_out_of_force(PolicyRecord& record);
  void count_rule(const ActiveRule& rule, int delta);

  const Inventory& inventory_;
  PredicateTable& predicates_;
  std::map<PolicyId, PolicyRecord> records_;
  std::map<ObjectKey, PolicyId> ids_;
  std::map<std::string, std::set<PolicyId>, std::less<>> by_namespace_;
  PolicyId next_id_ = 1;
  std::map<PodId, std::set<PolicyId>> selecting_;  ///< by local pod
  std::set<PolicyId> fresh_;                       ///< not compared with any pod yet
  std::set<PolicyId> retired_;                     ///< removed, until their last pod is processed
};

}  // namespace selvage::policy
