#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "nft/model/table.h"

namespace selvage::nft {

/// Elements that come and go in one set. A key in both is replaced (another verdict): the kernel
/// takes the removal first.
struct SetChange {
  SetSpec spec;  ///< of the set, which gives the layout of the keys
  std::map<ElementKey, ElementData> add;
  std::set<ElementKey> remove;
  friend bool operator==(const SetChange&, const SetChange&) = default;
};

/// What one transaction changes in one table. Passive data, in no order: the order in which the
/// parts reach the kernel is a contract kept in one place (nft/operations.h).
struct TablePlan {
  bool delete_table = false;  ///< delete the table as it is; then, if create_table, make it anew
  bool create_table = false;
  bool own = false;     ///< the created table, or the orphan that is there, becomes ours alone
  std::string comment;  ///< of the created table
  std::map<std::string, SetSpec> add_sets;
  std::set<std::string> delete_sets;
  std::map<std::string, Chain> add_chains;                 ///< with their rules
  std::map<std::string, std::vector<Rule>> replace_rules;  ///< chains that stay, with all their new rules
  std::set<std::string> delete_chains;
  std::map<std::string, SetChange> elements;  ///< by set; of added sets too

  [[nodiscard]] bool empty() const;
  friend bool operator==(const TablePlan&, const TablePlan&) = default;
};

/// What one transaction changes. Tables without a change have no entry, or an empty one.
struct Plan {
  std::map<TableKey, TablePlan> tables;

  [[nodiscard]] bool empty() const;
  friend bool operator==(const Plan&, const Plan&) = default;
};

/// How much a plan holds; for logs and metrics.
struct PlanSize {
  std::size_t tables = 0;    ///< made, removed, taken over
  std::size_t sets = 0;      ///< added, removed
  std::size_t chains = 0;    ///< added, removed, with rules replaced
  std::size_t rules = 0;     ///< written
  std::size_t elements = 0;  ///< added, removed
};
[[nodiscard]] PlanSize size_of(const Plan& plan);

/// The smallest plan that turns `have` into `want`. Pure. Laws (property tests hold them):
/// `diff(a, a)` is empty; `apply(diff(a, b), a) == b`. Elements of sets with a timeout, and of
/// live ones, are left alone. A set or base chain whose specification differs cannot be changed in place, and an open
/// table cannot become an owned one nor the other way round: the table is removed and made anew in the same
/// transaction, with the elements of sets with a timeout. An orphan, and what another one owns while he
/// lives, is taken over in place, unless it lacks a base chain. Tables in `have` and not in `want` are removed.
/// `want` is taken apart for the plan: move it in where it is large and not needed any more.
[[nodiscard]] Plan diff(const Ruleset& have, Ruleset want);

/// What `have` becomes by `plan`, by the kernel's rules: all or nothing; fails like the kernel on
/// dangling references, removal of what is absent or still referred to, an element that is there
/// with another verdict, overlapping intervals. The error's code is the kernel's errno and its
/// message names the operation.
[[nodiscard]] Result<Ruleset> apply(const Plan& plan, Ruleset have);

}  // namespace selvage::nft
