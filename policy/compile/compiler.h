#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/compile/class_table.h"
#include "policy/compile/inventory.h"
#include "policy/compile/local_counts.h"
#include "policy/compile/node_addresses.h"
#include "policy/compile/node_policy.h"
#include "policy/compile/predicate_table.h"
#include "policy/model/model.h"

namespace selvage::policy {

/// Works out what one node must enforce from the objects that exist, incrementally: a change costs
/// in proportion to what it changes, and the result depends on the objects alone, never on the
/// order or the history of events (property tests hold that).
///
///     events ──▶ Inventory (pods, namespaces) ─┐
///            └─▶ policies ──▶ PredicateTable ──┴▶ profiles ──▶ signatures ──▶ ClassTable ──▶ NodePolicy
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
  [[nodiscard]] std::vector<const NetworkPolicy*> selecting(PodId id) const;
  /// True once after what `selecting` says, or an address of a pod of this node, may have changed.
  [[nodiscard]] bool take_selections_changed() { return std::exchange(selections_changed_, false); }
  [[nodiscard]] const LocalCounts& counts() const { return counts_; }
  [[nodiscard]] std::size_t pod_count() const { return inventory_.pod_count(); }
  [[nodiscard]] std::size_t policy_count() const { return policy_ids_.size(); }
  [[nodiscard]] std::size_t namespace_count() const { return inventory_.namespaces().size(); }

 private:
  using PolicyId = std::uint32_t;

  /// A rule of a policy in force, its peers as predicates.
  struct ActiveRule {
    const Rule* rule = nullptr;
    Direction direction = Direction::ingress;
    std::vector<PredicateId> predicates;
  };
  struct PolicyRecord {
    NetworkPolicy policy;
    std::string name;  ///< "namespace/name"
    NamespaceId namespace_id = 0;
    std::uint32_t selected_pods = 0;  ///< of this node; in force while there is one
    std::vector<ActiveRule> rules;    ///< while in force
  };
  /// What a pod of this node contributes.
  struct LocalPod {
    std::set<PolicyId> policies;             ///< that select it
    std::vector<PermissionKey> permissions;  ///< in any order
    std::vector<IpAddress> addresses;
    std::array<bool, 2> isolated{};
    std::array<std::uint8_t, 2> counted_addresses{};  ///< by family
    bool uses_port_names = false;                     ///< an egress rule of its policies names a port
  };
  using Permissions = std::map<PermissionKey, Origins>;
  /// What of a local pod has to be written anew: the permissions by some predicates, or all of it.
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

  void apply_object(const Namespace& object) { inventory_.set(object); }
  void apply_object(const Pod& object) {
    inventory_.set(object);
    nodes_.set(object);
  }
  void apply_object(const NetworkPolicy& object);
  void remove_object(const ObjectKey& key);
  void remove_policy(const ObjectKey& key);

  // compiler_select.cc: which policies select this node's pods
  [[nodiscard]] Rewrites update_selections();
  void select_policies(PodId id);
  [[nodiscard]] std::set<PolicyId> policies_of(PodId id) const;
  void begin_policy(PolicyId id, Rewrites& rewrites);
  void end_policy(PolicyId id, Rewrites& rewrites);
  void gain_pod(PolicyRecord& record);
  void lose_pod(PolicyRecord& record);
  void count_addresses(PodId id);

  // compiler_local.cc: this node's pods, and what the policies that select them permit
  void put_in_force(PolicyRecord& record);
  void take_out_of_force(PolicyRecord& record);
  void count_rule(const ActiveRule& rule, int delta);
  void write_local_pods(Rewrites rewrites);
  void write_local_pod(PodId id, const Rewrite& rewrite);
  void withdraw(LocalPod& local, const Rewrite& rewrite);
  [[nodiscard]] static Rewrite rewrite_for(const PolicyRecord& record);
  void counts(const LocalPod& local, int delta);
  [[nodiscard]] Permissions permissions_of(const LocalPod& local, PodId id, const Rewrite& rewrite) const;
  void add_permissions(const PolicyRecord& record, PodId pod, const IpAddress& address, const Rewrite& rewrite,
                       Permissions& permissions) const;
  void add_permissions(const ActiveRule& rule, PredicateId predicate, const std::string& origin, PodId pod,
                       const IpAddress& address, Permissions& permissions) const;
  void write_node_state();

  // compiler_peers.cc: everybody's addresses, and the classes they are in
  void update_predicates();
  void fit_namespace(NamespaceId id);
  void fit_profile(ProfileId id);
  void add_to_namespace(NamespaceId id, PredicateId predicate);
  void remove_from_namespace(NamespaceId id, PredicateId predicate);
  void remove_from_scope(const PodScope& scope, PredicateId id);
  [[nodiscard]] bool in_scope(const NamespaceRecord& record, const Predicate& predicate) const;
  void mark_profile(const Profile& profile);
  void mark_range(const IpRange& range);
  void mark_satisfying(PredicateId base);
  void update_families();
  void cut_cells(Direction direction);
  void write_cells(Direction direction, IpFamily family, std::vector<Cell> cells);
  void classify(const IpAddress& address);
  void classify(const IpAddress& address, PodId pod, Direction direction);
  void declassify(const IpAddress& address, Direction direction);
  void add_refined(const PodRecord& pod, PredicateIds& signature);
  void write_predicates();

  Inventory inventory_;
  NodeAddresses nodes_;
  PredicateTable predicates_;
  NodePolicy result_;
  ClassTable classes_;

  std::map<PolicyId, PolicyRecord> policies_;
  std::map<ObjectKey, PolicyId> policy_ids_;
  std::map<NamespaceId, std::set<PolicyId>> policies_by_namespace_;
  PolicyId next_policy_ = 1;
  std::map<PodId, LocalPod> local_pods_;

  InventoryChanges dirty_;
  std::set<PolicyId> fresh_policies_;    ///< no pod was held against them yet
  std::set<PolicyId> retired_policies_;  ///< removed, until their last pod lets them go
  LocalCounts counts_;
  bool selections_changed_ = false;
  std::array<bool, 2> cells_dirty_{};
  Families families_ = 0;
  std::array<std::array<std::vector<Cell>, 2>, 2> cells_;  ///< by Direction and family (v4, v6)
};

/// From nothing: what `node` must enforce when exactly `objects` exist.
[[nodiscard]] std::unique_ptr<Compiler> compile(const std::vector<Object>& objects, const std::string& node);

}  // namespace selvage::policy
