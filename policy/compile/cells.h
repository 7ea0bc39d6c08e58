#pragma once

#include <cstdint>
#include <vector>

#include "base/ip_address.h"
#include "policy/model/model.h"

namespace selvage::policy {

using PredicateId = std::uint32_t;
/// Sorted, without repeats.
using PredicateIds = std::vector<PredicateId>;

/// A range of addresses that all satisfy the same block lists.
struct Cell {
  IpRange range;
  PredicateIds predicates;  ///< never empty

  friend bool operator==(const Cell&, const Cell&) = default;
};

/// One block list with the predicate it stands for.
struct CellInput {
  PredicateId predicate = 0;
  const std::vector<IpBlock>* blocks = nullptr;  ///< must outlive the call
};

/// Cuts block lists into disjoint cells of `family`, in address order; neighbours with equal
/// predicates are one cell. An except cuts from its own block only. n log n in the number of blocks.
[[nodiscard]] std::vector<Cell> cut_into_cells(const std::vector<CellInput>& lists, IpFamily family);

/// The ranges in which addresses satisfy other block lists in `after` than in `before`; disjoint, in
/// address order. Both as cut_into_cells returns them, of one family.
[[nodiscard]] std::vector<IpRange> differing_ranges(const std::vector<Cell>& before, const std::vector<Cell>& after);

/// The predicates of the cell that holds `address`, or nullptr. `cells` as cut_into_cells returns
/// them.
[[nodiscard]] const PredicateIds* find_cell(const std::vector<Cell>& cells, const IpAddress& address);

}  // namespace selvage::policy
