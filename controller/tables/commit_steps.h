#pragma once

#include <vector>

#include "nft/plan/plan.h"

namespace selvage::controller {

/// The transactions that carry out a plan for the inet and bridge tables, in this order: at least one, and together
/// they make of the tables what the plan makes.
///
/// One transaction is not enough where interval sets get elements: the kernel publishes the contents of such a set
/// after all other changes of the transaction (docs/decisions/0027-commit-steps.md), and a packet that comes in
/// between meets new rules and old contents. So contents come first, and what relies on them in a later transaction:
///
///   permissions   new sets and chains, elements that allow more
///   cells         the maps of address blocks, which lead to classes that are complete by then
///   the rest      isolation, pods' classes, rules, and all deletions
///
/// A table that is new gets its base chains last. At no time is a packet dropped that the tables before and after both
/// let pass. A plan that makes a table anew (delete_table) stays one transaction: packets that arrive within it can meet
/// sets without contents, and are dropped. Pure.
[[nodiscard]] std::vector<nft::Plan> commit_steps(nft::Plan plan);

}  // namespace selvage::controller
