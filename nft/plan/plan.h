#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "nft/model/table.h"

/// A plan is one transaction as a value:
///
///     have, want --diff--> Plan --operations--> Operation ... --encode--> one batch --> the kernel
///                           |
///                           +-- apply(plan, have) == want: the same transaction by the kernel's rules
///
///     Plan
///      +- tables: TableKey -> TablePlan
///          +- delete_table, then create_table, own, comment       the table itself
///          +- add_sets:      set -> SetSpec                       sets
///          +- delete_sets:   set
///          +- elements:      set -> SetChange { spec, add, del }
///          +- add_chains:    chain -> Chain                       chains, with their rules
///          +- replace_rules: chain -> all its rules
///          +- delete_chains: chain
namespace selvage::nft {

/// Elements added to and deleted from one set. A key in both gets another verdict: the kernel deletes it first.
struct SetChange {
  SetSpec spec;  ///< of the set, which gives the layout of the keys
  std::map<ElementKey, ElementData> add;
  std::set<ElementKey> del;  ///< "delete" is a keyword
  friend bool operator==(const SetChange&, const SetChange&) = default;
};

/// The changes of one transaction in one table. Passive data without an order: the order in which the parts reach the
/// kernel is a contract kept in one place (nft/plan/operations.h).
struct TablePlan {
  bool delete_table = false;  ///< deletes the existing table; with create_table, a new one replaces it
  bool create_table = false;
  bool own = false;     ///< this socket becomes the owner of the created table, or of the existing orphan
  std::string comment;  ///< of the created table
  std::map<std::string, SetSpec> add_sets;
  std::set<std::string> delete_sets;
  std::map<std::string, Chain> add_chains;                 ///< with their rules
  std::map<std::string, std::vector<Rule>> replace_rules;  ///< existing chains, with all their new rules
  std::set<std::string> delete_chains;
  std::map<std::string, SetChange> elements;  ///< by set, including added sets

  [[nodiscard]] bool empty() const;
  friend bool operator==(const TablePlan&, const TablePlan&) = default;
};

/// The changes of one transaction. A table without changes has no entry, or an empty one.
struct Plan {
  std::map<TableKey, TablePlan> tables;

  [[nodiscard]] bool empty() const;
  friend bool operator==(const Plan&, const Plan&) = default;
};

/// The number of changes in a plan; for logs and metrics.
struct PlanSize {
  std::size_t tables = 0;    ///< created, deleted, taken over
  std::size_t sets = 0;      ///< added, deleted
  std::size_t chains = 0;    ///< added, deleted, with rules replaced
  std::size_t rules = 0;     ///< written
  std::size_t elements = 0;  ///< added, deleted
};
[[nodiscard]] PlanSize size_of(const Plan& plan);

/// The smallest plan that turns `have` into `want`. Pure. Laws (property tests hold them): `diff(a, a)` is empty;
/// `apply(diff(a, b), a) == b`. Elements of sets with a timeout are not touched. A set or base chain
/// with another specification cannot be changed in place, nor can an open table become owned or an owned one open: the
/// table is deleted and recreated in the same transaction, with the elements of sets with a timeout. An orphan, or a
/// table that another program owns, is taken over in place unless it lacks a base chain. Tables in `have` and not in
/// `want` are deleted. `want` is consumed: move it in when it is large and not needed any more.
[[nodiscard]] Plan diff(const Ruleset& have, Ruleset want);

/// Applies `plan` to `have` by the kernel's rules: all or nothing. Fails like the kernel on dangling references,
/// deletion of an object that is absent or still referred to, another verdict for an existing element, overlapping
/// intervals. The error's code is the kernel's errno, and its message names the operation.
[[nodiscard]] Result<Ruleset> apply(const Plan& plan, Ruleset have);

}  // namespace selvage::nft
