#include <utility>

#include "nft/plan/plan.h"

namespace selvage::nft {
namespace {

using Sets = std::map<std::string, Set>;
using Chains = std::map<std::string, Chain>;

/// Walks two sorted maps at once and calls `only_left(l)`, `only_right(r)` or `both(l, r)` for each key, with
/// iterators, whose entries may be moved from.
template <class Left, class Right, class OnlyLeft, class OnlyRight, class Both>
void walk(const Left& left, Right& right, OnlyLeft only_left, OnlyRight only_right, Both both) {
  auto l = left.begin();
  auto r = right.begin();
  while (l != left.end() || r != right.end()) {
    if (r == right.end() || (l != left.end() && l->first < r->first)) {
      only_left(l++);
    } else if (l == left.end() || r->first < l->first) {
      only_right(r++);
    } else {
      both(l++, r++);
    }
  }
}

/// Whether the tables differ in something that the kernel cannot change in place.
bool needs_new_table(const Table& have, const Table& want) {
  if ((have.ownership == Ownership::open) != (want.ownership == Ownership::open)) return true;
  for (const auto& [name, set] : want.sets) {
    const auto old = have.sets.find(name);
    if (old != have.sets.end() && old->second.spec != set.spec) return true;
  }
  // A transaction that takes over a table cannot add a base chain to it.
  const bool takes_over = have.ownership != want.ownership;
  for (const auto& [name, chain] : want.chains) {
    const auto old = have.chains.find(name);
    if (old != have.chains.end() ? old->second.base != chain.base : takes_over && chain.base) return true;
  }
  return false;
}

void add_set(TablePlan& plan, const std::string& name, Set&& set) {
  plan.add_sets.emplace(name, set.spec);
  if (!set.elements.empty()) plan.elements.emplace(name, SetChange{std::move(set.spec), std::move(set.elements), {}});
}

TablePlan create(Table&& want) {
  TablePlan plan;
  plan.create_table = true;
  plan.own = want.ownership == Ownership::owned;
  plan.comment = std::move(want.comment);
  for (auto& [name, set] : want.sets) add_set(plan, name, std::move(set));
  plan.add_chains = std::move(want.chains);
  return plan;
}

/// Elements with a timeout move to the new table: they belong to the running system (their timeouts restart). Verdicts
/// do not, as their chains may be gone.
TablePlan recreate(const Table& have, Table&& want) {
  TablePlan plan = create(std::move(want));
  plan.delete_table = true;
  for (const auto& [name, spec] : plan.add_sets) {
    const auto old = have.sets.find(name);
    if (!spec.timeout || spec.verdict_map || old == have.sets.end() || old->second.spec != spec) continue;
    if (old->second.elements.empty()) continue;
    plan.elements.insert_or_assign(name, SetChange{spec, old->second.elements, {}});
  }
  return plan;
}

SetChange diff_elements(const Set& have, Set&& want) {
  SetChange change;
  const auto del = [&](auto old) { change.del.insert(change.del.end(), old->first); };
  const auto add = [&](auto added) { change.add.insert(change.add.end(), want.elements.extract(added)); };
  walk(have.elements, want.elements, del, add, [&](auto old, auto now) {
    if (old->second == now->second) return;
    del(old);
    add(now);
  });
  change.spec = std::move(want.spec);
  return change;
}

void diff_sets(const Sets& have, Sets&& want, TablePlan& plan) {
  walk(
      have, want, [&](auto old) { plan.delete_sets.insert(old->first); },
      [&](auto added) { add_set(plan, added->first, std::move(added->second)); },
      [&](auto old, auto now) {
        if (now->second.spec.timeout) return;
        SetChange change = diff_elements(old->second, std::move(now->second));
        if (!change.add.empty() || !change.del.empty()) plan.elements.emplace(now->first, std::move(change));
      });
}

void diff_chains(const Chains& have, Chains&& want, TablePlan& plan) {
  walk(
      have, want, [&](auto old) { plan.delete_chains.insert(old->first); },
      [&](auto added) { plan.add_chains.insert(want.extract(added)); },
      [&](auto old, auto now) {
        if (old->second.rules == now->second.rules) return;
        plan.replace_rules.emplace(now->first, std::move(now->second.rules));
      });
}

TablePlan diff(const Table& have, Table&& want) {
  if (needs_new_table(have, want)) return recreate(have, std::move(want));
  TablePlan plan;
  plan.own = have.ownership != want.ownership;
  diff_sets(have.sets, std::move(want.sets), plan);
  diff_chains(have.chains, std::move(want.chains), plan);
  return plan;
}

}  // namespace

Plan diff(const Ruleset& have, Ruleset want) {
  Plan plan;
  const auto put = [&](const TableKey& key, TablePlan table) {
    if (!table.empty()) plan.tables.emplace(key, std::move(table));
  };
  walk(
      have, want, [&](auto old) { plan.tables[old->first].delete_table = true; },
      [&](auto added) { put(added->first, create(std::move(added->second))); },
      [&](auto old, auto now) { put(now->first, diff(old->second, std::move(now->second))); });
  return plan;
}

}  // namespace selvage::nft
