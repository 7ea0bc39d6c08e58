#pragma once

#include <array>
#include <vector>

#include "policy/compile/class_table.h"
#include "policy/compile/inventory.h"
#include "policy/compile/label_matches.h"
#include "policy/compile/predicate_table.h"

namespace selvage::policy {

/// Every known address, and the class that the predicates it satisfies make. Writes NodePolicy::peers, ::cells,
/// ::classes and ::predicates. Not thread-safe.
class PeerClasses {
 public:
  /// All must outlive this object.
  PeerClasses(const Inventory& inventory, PredicateTable& predicates, NodePolicy& result)
      : inventory_(inventory),
        predicates_(predicates),
        result_(result),
        labels_(inventory, predicates),
        classes_(predicates, result) {}

  /// Works off predicates that came or went and what changed in the inventory; `families` are those in use.
  void update(InventoryChanges dirty, Families families);

  /// Writes the predicates that came, went or changed. Call it last, when everything that depends on them is written.
  void write_predicates();

 private:
  void update_predicates();
  void update_families(Families families);
  void mark_range(const IpRange& range);
  void mark_satisfying(PredicateId base);
  void cut_cells(Direction direction);
  void write_cells(Direction direction, IpFamily family, std::vector<Cell> cells);
  void classify(const IpAddress& address);
  void classify(const IpAddress& address, PodId pod, Direction direction);
  void declassify(const IpAddress& address, Direction direction);
  void add_refined(const PodRecord& pod, PredicateIds& signature);

  const Inventory& inventory_;
  PredicateTable& predicates_;
  NodePolicy& result_;
  LabelMatches labels_;
  ClassTable classes_;
  InventoryChanges dirty_;  ///< during `update`
  std::array<bool, 2> cells_dirty_{};
  Families families_ = 0;
  std::array<std::array<std::vector<Cell>, 2>, 2> cells_;  ///< by Direction and family (v4, v6)
};

}  // namespace selvage::policy
