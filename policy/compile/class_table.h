#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "policy/compile/node_policy.h"
#include "policy/compile/predicate_table.h"

namespace selvage::policy {

/// The classes in use, by reference count: one for each distinct signature of an address in one
/// direction and family. Maintains NodePolicy::classes. Not thread-safe. Ids are never reused.
class ClassTable {
 public:
  /// Both must outlive this object.
  ClassTable(const PredicateTable& predicates, NodePolicy& policy) : predicates_(predicates), policy_(policy) {}

  /// Finds or makes the class of `signature` (sorted); it counts as used once more.
  ClassId acquire(Direction direction, IpFamily family, const PredicateIds& signature);
  void release(ClassId id);

  /// Removes unused classes. Returns those of their predicates with a port that no class holds any more.
  std::set<PredicateId> collect();

  /// Updates the kinds of sets in the classes that hold one of `changed`, all in use.
  void refresh(const std::set<PredicateId>& changed);

 private:
  struct Key {
    Direction direction;
    IpFamily family;
    PredicateIds signature;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Entry {
    const Key* key = nullptr;
    std::uint32_t uses = 0;
  };

  void write_chain(ClassId id, const Key& key);
  /// True when no class holds the predicate any more.
  bool drop_holder(PredicateId predicate, ClassId id);

  const PredicateTable& predicates_;
  NodePolicy& policy_;
  std::map<Key, ClassId> ids_;
  std::map<ClassId, Entry> entries_;
  std::set<ClassId> unused_;
  std::map<PredicateId, std::vector<ClassId>> holders_;  ///< the classes that hold a predicate, in order
  ClassId next_id_ = 1;
};

}  // namespace selvage::policy
