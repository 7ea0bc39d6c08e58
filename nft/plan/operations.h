#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "nft/plan/plan.h"

/// The order in which a plan reaches the kernel: the one place that knows it.
namespace selvage::nft {

/// Each action is passive data for one netlink message (element lists: one or more). Pointers are never null and point
/// into the plan given to `operations`, which must outlive them.
struct AddTable {
  std::string comment;
  /// Owned by this socket from then on. Takes over an orphan of that name with everything in it; the kernel then adds
  /// no base chain to it in the same transaction (EINVAL).
  bool own = false;
};
/// With everything in it.
struct DeleteTable {};
struct AddSet {
  std::string set;
  const SetSpec* spec = nullptr;
};
/// With its elements: the chains that a map's elements name are free again at once.
struct DeleteSet {
  std::string set;
};
/// The chain without its rules.
struct AddChain {
  std::string chain;
  const Chain* spec = nullptr;
};
/// Deletes all rules of the chain (NFT_MSG_DELRULE without a handle).
struct FlushChain {
  std::string chain;
};
/// Its rules are flushed before.
struct DeleteChain {
  std::string chain;
};
/// Appends one rule.
struct AddRule {
  std::string chain;
  std::size_t index = 0;  ///< the rule's final place in the chain
  const Rule* rule = nullptr;
};
struct AddElements {
  std::string set;
  const SetSpec* spec = nullptr;
  const std::map<ElementKey, ElementData>* elements = nullptr;  ///< at least one
};
struct DeleteElements {
  std::string set;
  const SetSpec* spec = nullptr;
  const std::set<ElementKey>* elements = nullptr;  ///< at least one
};

using Action = std::variant<AddTable, DeleteTable, AddSet, DeleteSet, AddChain, FlushChain, DeleteChain, AddRule,
                            AddElements, DeleteElements>;

/// One step of a transaction.
struct Operation {
  TableKey table;
  Action action;
};

/// The plan's steps in the order that the kernel accepts, table by table (nothing refers across
/// tables). Within a table, and why:
///
///   delete table     first, so that the name is free for a new table
///   add table        before everything in it
///   flush chains     replaced and deleted ones: their rules hold sets and chains
///   delete elements  before the additions: a key with another verdict is EBUSY while it is there, a
///                    range that overlaps EEXIST; and verdicts hold chains
///   add chains       all of them before any verdict names one: chains refer to each other. Before the
///                    sets, since nft(8) moves a new interval map's elements to the map itself
///   add sets         before rules that look them up
///   add elements     after the chains that their verdicts name
///   add rules        after the sets and chains that they name
///   delete sets      before the chains that a deleted map's elements name (EBUSY otherwise)
///   delete chains    last, when nothing refers to them any more
///
/// The plan must outlive the result.
[[nodiscard]] std::vector<Operation> operations(const Plan& plan);

/// For error messages: "add chain inet selvage k4-in-ab12", "add 3 elements to set inet selvage
/// pods4", "add rule 2 of chain inet selvage forward".
[[nodiscard]] std::string describe(const Operation& operation);

}  // namespace selvage::nft
