#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "policy/compile/inventory.h"
#include "policy/compile/local_pods.h"
#include "policy/compile/node_addresses.h"
#include "policy/compile/node_policy.h"
#include "policy/compile/peer_classes.h"
#include "policy/compile/predicate_table.h"
#include "policy/compile/selections.h"
#include "policy/model/model.h"
#include "policy/tiers/lower.h"

namespace selvage::policy {

/// Works out what one node must enforce from the objects that exist, incrementally: a change costs
/// in proportion to what it changes, and the result depends on the objects alone, never on the
/// order or the history of events (property tests hold that).
///
///     events ──▶ Inventory (pods, namespaces) ──┬─────────────────────┐
///            └─▶ Selections ──▶ PredicateTable ─┴▶ PeerClasses        ├──▶ NodePolicy
///                    └────────────────────────────────▶ LocalPods ────┘
///
/// `apply` stores and marks; `update` works the marks off. Not thread-safe.
class Compiler {
 public:
  /// Policies count that select a pod whose spec.nodeName is `node`.
  explicit Compiler(std::string node);
  Compiler(const Compiler&) = delete;
  Compiler& operator=(const Compiler&) = delete;

  /// Takes an event in. Cheap; nothing is computed before `update`.
  void apply(const Event& event);

  /// Brings the result up to what was applied.
  const NodePolicy& update();

  /// As `update`, and says what changed since the last call (nothing is remembered before the first
  /// `start_tracking`).
  NodePolicyDelta update_changes();
  void start_tracking() { result_.start_tracking(); }

  [[nodiscard]] const NodePolicy& result() const { return result_; }
  /// "namespace/name" of a pod in the result.
  [[nodiscard]] std::string pod_name(PodId id) const { return inventory_.pod_name(id); }
  /// What is known of pods and namespaces, and of nodes' addresses. Ahead of `result` until the next update.
  [[nodiscard]] const Inventory& inventory() const { return inventory_; }
  [[nodiscard]] const NodeAddresses& nodes() const { return nodes_; }
  /// The policies that select a pod of this node, for either direction, in any order; valid until the next `apply`.
  [[nodiscard]] std::vector<const Policy*> selecting(PodId id) const;
  /// True once after what `selecting` says, or an address of a pod of this node, may have changed.
  [[nodiscard]] bool take_selections_changed() { return std::exchange(selections_changed_, false); }
  [[nodiscard]] const LocalCounts& counts() const { return local_pods_.counts(); }
  [[nodiscard]] std::size_t pod_count() const { return inventory_.pod_count(); }
  [[nodiscard]] std::size_t policy_count() const { return selections_.policy_count(); }
  [[nodiscard]] std::size_t namespace_count() const { return inventory_.namespaces().size(); }

 private:
  void apply_object(const Namespace& object) { inventory_.set(object); }
  void apply_object(const Pod& object) {
    inventory_.set(object);
    nodes_.set(object);
  }
  /// An object of a policy API.
  template <class ApiPolicy>
  void apply_object(const ApiPolicy& object) {
    selections_.set(lower(object));
  }
  void remove_object(const ObjectKey& key);
  void write_node_state();

  Inventory inventory_;
  NodeAddresses nodes_;
  PredicateTable predicates_;
  NodePolicy result_;
  Selections selections_;
  LocalPods local_pods_;
  PeerClasses peer_classes_;
  bool selections_changed_ = false;
};

/// From nothing: what `node` must enforce when exactly `objects` exist.
[[nodiscard]] std::unique_ptr<Compiler> compile(const std::vector<Object>& objects, const std::string& node);

}  // namespace selvage::policy
