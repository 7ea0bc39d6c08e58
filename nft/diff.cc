#include <utility>

#include "nft/plan.h"

namespace selvage::nft {
namespace {

/// Walks two sorted maps at once and says for each key where it is: `only_left(l)`, `only_right(r)`
/// or `both(l, r)`, each given map entries.
template <class Map, class OnlyLeft, class OnlyRight, class Both>
void walk(const Map& left, const Map& right, OnlyLeft only_left, OnlyRight only_right, Both both) {
  auto l = left.begin();
  auto r = right.begin();
  while (l != left.end() || r != right.end()) {
    if (r == right.end() || (l != left.end() && l->first < r->first)) {
      only_left(*l++);
    } else if (l == left.end() || r->first < l->first) {
      only_right(*r++);
    } else {
      both(*l++, *r++);
    }
  }
}

/// Whether the tables differ in what the kernel cannot change in place.
bool needs_new_table(const Table& have, const Table& want) {
  if ((have.ownership == Ownership::open) != (want.ownership == Ownership::open)) return true;
  for (const auto& [name, set] : want.sets) {
    const auto old = have.sets.find(name);
    if (old != have.sets.end() && old->second.spec != set.spec) return true;
  }
  // A transaction that takes a table over adds no base chain to it.
  const bool takes_over = have.ownership != want.ownership;
  for (const auto& [name, chain] : want.chains) {
    const auto old = have.chains.find(name);
    if (old != have.chains.end() ? old->second.base != chain.base : takes_over && chain.base) return true;
  }
  return false;
}

void add_set(TablePlan& plan, const std::string& name, const Set& set) {
  plan.add_sets.emplace(name, set.spec);
  if (!set.elements.empty()) plan.elements.emplace(name, SetChange{set.spec, set.elements, {}});
}

TablePlan create(const Table& want) {
  TablePlan plan;
  plan.create_table = true;
  plan.own = want.ownership == Ownership::owned;
  plan.comment = want.comment;
  for (const auto& [name, set] : want.sets) add_set(plan, name, set);
  plan.add_chains = want.chains;
  return plan;
}

/// The removed table's elements with a timeout come along: they belong to the running system (their
/// time starts anew). Verdicts do not, as their chains may be gone.
TablePlan recreate(const Table& have, const Table& want) {
  TablePlan plan = create(want);
  plan.remove_table = true;
  for (const auto& [name, set] : want.sets) {
    const auto old = have.sets.find(name);
    if (!set.spec.timeout || set.spec.verdict_map || old == have.sets.end() || old->second.spec != set.spec) continue;
    if (old->second.elements.empty()) continue;
    plan.elements.insert_or_assign(name, SetChange{set.spec, old->second.elements, {}});
  }
  return plan;
}

SetChange diff_elements(const Set& have, const Set& want) {
  SetChange change{want.spec, {}, {}};
  walk(
      have.elements, want.elements, [&](const auto& old) { change.remove.insert(change.remove.end(), old.first); },
      [&](const auto& added) { change.add.insert(change.add.end(), added); },
      [&](const auto& old, const auto& now) {
        if (old.second == now.second) return;
        change.remove.insert(change.remove.end(), old.first);
        change.add.insert(change.add.end(), now);
      });
  return change;
}

void diff_sets(const Table& have, const Table& want, TablePlan& plan) {
  walk(
      have.sets, want.sets, [&](const auto& old) { plan.remove_sets.insert(old.first); },
      [&](const auto& added) { add_set(plan, added.first, added.second); },
      [&](const auto& old, const auto& now) {
        if (now.second.spec.timeout || now.second.live) return;
        SetChange change = diff_elements(old.second, now.second);
        if (!change.add.empty() || !change.remove.empty()) plan.elements.emplace(now.first, std::move(change));
      });
}

void diff_chains(const Table& have, const Table& want, TablePlan& plan) {
  walk(
      have.chains, want.chains, [&](const auto& old) { plan.remove_chains.insert(old.first); },
      [&](const auto& added) { plan.add_chains.insert(added); },
      [&](const auto& old, const auto& now) {
        if (old.second.rules != now.second.rules) plan.replace_rules.emplace(now.first, now.second.rules);
      });
}

TablePlan diff(const Table& have, const Table& want) {
  if (needs_new_table(have, want)) return recreate(have, want);
  TablePlan plan;
  plan.own = have.ownership != want.ownership;
  diff_sets(have, want, plan);
  diff_chains(have, want, plan);
  return plan;
}

}  // namespace

Plan diff(const Ruleset& have, const Ruleset& want) {
  Plan plan;
  const auto put = [&](const TableKey& key, TablePlan table) {
    if (!table.empty()) plan.tables.emplace(key, std::move(table));
  };
  walk(
      have, want, [&](const auto& old) { plan.tables[old.first].remove_table = true; },
      [&](const auto& added) { put(added.first, create(added.second)); },
      [&](const auto& old, const auto& now) { put(now.first, diff(old.second, now.second)); });
  return plan;
}

}  // namespace selvage::nft
