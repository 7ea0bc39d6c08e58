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
#include "policy/compile/snapshot.h"
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
/// `apply` stores events and marks what they affect; `update` processes the marks. Not thread-safe.
class Compiler {
 public:
  /// Policies count that select a pod whose spec.nodeName is `node`.
  explicit Compiler(std::string node);
  Compiler(const Compiler&) = delete;
  Compiler& operator=(const Compiler&) = delete;

  /// Takes an event in. Cheap; nothing is computed before `update`.
  void apply(const Event& event);

  /// Computes the state from everything that was applied; cheap when nothing was. The only access to the state.
  const Snapshot& update();

  /// Changes of the records by updates since the last call. Nothing is remembered before the first `start_tracking`.
  [[nodiscard]] NodePolicyDelta take_changes() { return policy::take_changes(result_); }
  void start_tracking() { result_.start_tracking(); }
  /// True once after an update that may have changed what `Snapshot::selecting` returns, or an address of a pod of this
  /// node.
  [[nodiscard]] bool take_selections_changed() { return std::exchange(selections_changed_, false); }

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
  Snapshot snapshot_;
  bool selections_changed_ = false;
};

/// From nothing: what `node` must enforce when exactly `objects` exist.
[[nodiscard]] std::shared_ptr<const Snapshot> compile(const std::vector<Object>& objects, const std::string& node);

}  // namespace selvage::policy
