#pragma once

#include <array>
#include <vector>

#include "policy/compile/inventory.h"
#include "policy/compile/predicate_table.h"

namespace selvage::policy {

/// Which label predicates (PodScope) each profile satisfies: first by its namespace, then by its pods' labels.
/// Addresses of pods whose profile satisfies others than before are added to `dirty.addresses`. Not thread-safe.
class LabelMatches {
 public:
  /// Both must outlive this object.
  LabelMatches(const Inventory& inventory, const PredicateTable& predicates)
      : inventory_(inventory), predicates_(predicates) {}

  /// A predicate came into the table, or went from it. Profiles in `dirty` are left to `update`.
  void add(PredicateId id, InventoryChanges& dirty);
  void remove(PredicateId id, const PodScope& scope, InventoryChanges& dirty);
  /// Works off the namespaces and profiles in `dirty`. Comes after all `add` and `remove`.
  void update(InventoryChanges& dirty);

  /// The label predicates of one direction that the pods of a profile satisfy, as of the last update.
  [[nodiscard]] const PredicateIds& satisfied(ProfileId id, Direction direction) const {
    return satisfied_[id][index(direction)];
  }
  /// Marks the addresses of all pods that satisfy an egress predicate.
  void mark_satisfying(PredicateId id, InventoryChanges& dirty) const;

 private:
  [[nodiscard]] bool in_scope(const NamespaceRecord& record, const Predicate& predicate) const;
  [[nodiscard]] PredicateIds& applicable(NamespaceId id);
  [[nodiscard]] std::array<PredicateIds, 2>& satisfied(ProfileId id);
  void add_to(NamespaceId id, PredicateId predicate, InventoryChanges& dirty);
  void remove_from(NamespaceId id, PredicateId predicate, InventoryChanges& dirty);
  void fit_namespace(NamespaceId id, InventoryChanges& dirty);
  void fit_profile(ProfileId id, InventoryChanges& dirty);
  void mark(ProfileId id, InventoryChanges& dirty) const;

  const Inventory& inventory_;
  const PredicateTable& predicates_;
  // By id. Ids are reused: until the next update an entry may be of the one before, which marks too much at worst.
  std::vector<PredicateIds> applicable_;                ///< predicates whose namespaces include this one
  std::vector<std::array<PredicateIds, 2>> satisfied_;  ///< by Direction
};

}  // namespace selvage::policy
