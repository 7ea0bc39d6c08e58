#include "controller/sync/plan_steps.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "controller/tables/chains.h"
#include "controller/tables/set_role.h"
#include "controller/tables/table_layout.h"

namespace selvage::controller {
namespace {

using nft::ElementKey;
using nft::Plan;
using nft::SetChange;
using nft::TablePlan;

bool is_same(const std::vector<ElementKey>& parts, const ElementKey& range) {
  return parts.size() == 1 && parts.front() == range;
}

/// The steps of one plan. Each item of the plan is in one of them; changes of one set, and rules of one chain, may be
/// in two.
struct Steps {
  Plan prepare;
  Plan classes;
  Plan rest;
  bool prepares_content = false;  ///< `prepare` adds contents that the kernel publishes late
};

/// The three plans of one table.
struct TableSteps {
  TablePlan prepare;
  TablePlan classes;
  TablePlan rest;  ///< at first everything
};

/// Moves to `prepare` what the change adds to a set of permissions. Elements that share a key or ports with a deleted
/// one replace it at the end; until then the ports that are new are there beside it.
void prepare_permissions(const std::string& set, SetChange& change, TableSteps& steps) {
  if (std::ranges::any_of(change.del, [](const ElementKey& key) { return !is_range_of_ports(key); })) return;
  SetChange early{change.spec, {}, {}};
  std::set<ElementKey> temporary;
  for (auto at = change.add.begin(); at != change.add.end();) {
    const auto added = at++;
    if (!change.spec.interval) {
      if (!change.del.contains(added->first)) early.add.insert(change.add.extract(added));
      continue;
    }
    const auto parts = uncovered_ports(added->first, change.del);
    if (is_same(parts, added->first)) {
      early.add.insert(change.add.extract(added));
      continue;
    }
    for (const ElementKey& part : parts) {
      early.add.emplace(part, added->second);
      temporary.insert(part);
    }
  }
  change.del.merge(temporary);
  if (early.add.empty()) return;
  steps.prepare.elements.emplace(set, std::move(early));
}

void split_new_table(const nft::TableKey& key, TablePlan&& table, Steps& steps) {
  move_base_chains(table, steps.rest.tables[key]);
  steps.prepare.tables[key] = std::move(table);
  steps.prepares_content = true;
}

/// Moves to `prepare` the pods that are no longer isolated, but for those that are gone: packets to them are dropped.
void prepare_openings(const std::string& set, IpFamily family, SetChange& change, TableSteps& steps) {
  const auto local = steps.rest.elements.find(local_pods_set(family));
  SetChange early{change.spec, {}, {}};
  for (auto at = change.del.begin(); at != change.del.end();) {
    const auto opened = at++;
    const bool gone = local != steps.rest.elements.end() && local->second.del.contains(*opened);
    if (!gone && !change.add.contains(*opened)) early.del.insert(change.del.extract(opened));
  }
  if (!early.del.empty()) steps.prepare.elements.emplace(set, std::move(early));
}

/// Moves to `classes` the pods that get a class. Those that lose theirs are judged as their address block, whose class
/// comes in this step.
void give_classes(const std::string& set, SetChange& change, TableSteps& steps) {
  SetChange early{change.spec, std::move(change.add), {}};
  change.add.clear();
  for (const auto& entry : early.add) {
    if (const auto old = change.del.find(entry.first); old != change.del.end())
      early.del.insert(change.del.extract(old));
  }
  if (!early.add.empty()) steps.classes.elements.emplace(set, std::move(early));
}

void split_elements(TableSteps& steps) {
  auto& elements = steps.rest.elements;
  for (auto at = elements.begin(); at != elements.end();) {
    const auto entry = at++;
    auto& [set, change] = *entry;
    const auto role = set_role(set);
    if (!role) continue;
    switch (role->kind) {
      case SetRole::Kind::fastpath_state:
        steps.prepare.elements.emplace(set, std::exchange(change, {}));
        break;
      case SetRole::Kind::permissions:
        prepare_permissions(set, change, steps);
        break;
      case SetRole::Kind::isolated:
        prepare_openings(set, role->family, change, steps);
        break;
      case SetRole::Kind::peers:
        give_classes(set, change, steps);
        break;
      case SetRole::Kind::cidrs:
        steps.classes.elements.emplace(set, std::exchange(change, {}));
        break;
      default:
        break;
    }
    if (change.add.empty() && change.del.empty()) elements.erase(entry);
  }
}

/// The predicates whose sets the rules look up.
std::set<std::string> predicates_of(const std::vector<nft::Rule>& rules) {
  std::set<std::string> predicates;
  for (const auto& rule : rules) {
    for (const auto& expression : rule.expressions) {
      const auto* lookup = std::get_if<nft::Lookup>(&expression);
      const auto role = lookup == nullptr ? std::nullopt : set_role(lookup->set);
      if (role && role->kind == SetRole::Kind::permissions) predicates.insert(role->predicate);
    }
  }
  return predicates;
}

/// Rules for the sets that the plan deletes and that a chain looked up until now.
std::vector<nft::Rule> rules_until_now(const ChainRole& chain, const std::vector<nft::Rule>& rules,
                                       const std::set<std::string>& deleted_sets) {
  std::set<std::string> predicates;
  if (chain.kind == ChainRole::Kind::entry) {
    predicates = {std::string(kAnyone)};
  } else if (!deleted_sets.empty()) {
    predicates = predicates_of(rules);
  }
  std::vector<nft::Rule> found;
  for (const std::string& set : deleted_sets) {
    const auto role = set_role(set);
    if (!role || role->kind != SetRole::Kind::permissions) continue;
    if (role->direction != chain.direction || role->family != chain.family) continue;
    if (predicates.contains(role->predicate)) found.push_back(permission_rule(*role));
  }
  return found;
}

/// Chains that look up permissions look up the new ones early and those that go until the end.
void split_rules(TableSteps& steps) {
  auto& replaced = steps.rest.replace_rules;
  for (auto at = replaced.begin(); at != replaced.end();) {
    const auto entry = at++;
    const auto role = chain_role(entry->first);
    if (!role || (role->kind != ChainRole::Kind::entry && role->kind != ChainRole::Kind::peer_class)) continue;
    std::vector<nft::Rule> rules = rules_until_now(*role, entry->second, steps.rest.delete_sets);
    if (rules.empty()) {
      steps.prepare.replace_rules.insert(replaced.extract(entry));
    } else {
      rules.insert(rules.end(), entry->second.begin(), entry->second.end());
      steps.prepare.replace_rules.emplace(entry->first, std::move(rules));
    }
  }
}

void split_changes(const nft::TableKey& key, TablePlan&& table, Steps& plans) {
  TableSteps steps;
  steps.rest = std::move(table);
  steps.prepare.own = std::exchange(steps.rest.own, false);
  steps.prepare.add_sets = std::exchange(steps.rest.add_sets, {});
  steps.prepare.add_chains = std::exchange(steps.rest.add_chains, {});
  move_base_chains(steps.prepare, steps.rest);
  split_elements(steps);
  split_rules(steps);
  plans.prepares_content = plans.prepares_content || std::ranges::any_of(steps.prepare.elements, [](const auto& entry) {
                             return entry.second.spec.interval;
                           });
  plans.prepare.tables[key] = std::move(steps.prepare);
  plans.classes.tables[key] = std::move(steps.classes);
  plans.rest.tables[key] = std::move(steps.rest);
}

/// Whether the plan changes a set that the kernel publishes late. Other plans need no steps.
bool has_steps(const TablePlan& table, bool hooked) {
  if (table.create_table) return !table.delete_table || !hooked;
  if (table.delete_table) return false;
  return std::ranges::any_of(table.elements, [](const auto& entry) {
    return entry.second.spec.interval && (entry.second.spec.verdict_map || !entry.second.add.empty());
  });
}

/// Adds the items of one step to a later one.
void merge(TablePlan&& from, TablePlan& into) {
  into.delete_table = into.delete_table || from.delete_table;
  into.create_table = into.create_table || from.create_table;
  into.own = into.own || from.own;
  if (!from.comment.empty()) into.comment = std::move(from.comment);
  into.add_sets.merge(from.add_sets);
  into.add_chains.merge(from.add_chains);
  for (auto& [set, change] : from.elements) {
    const auto [at, added] = into.elements.try_emplace(set, std::move(change));
    if (added) continue;
    at->second.add.merge(change.add);
    at->second.del.merge(change.del);
  }
  into.replace_rules.merge(from.replace_rules);  // the rules of a later step are the final ones
}

void merge(Plan&& from, Plan& into) {
  for (auto& [key, table] : from.tables) merge(std::move(table), into.tables[key]);
  from.tables.clear();
}

/// Whether the step changes address blocks.
bool has_blocks(const Plan& classes) {
  return std::ranges::any_of(classes.tables, [](const auto& entry) {
    return std::ranges::any_of(entry.second.elements, [](const auto& set) { return set.second.spec.interval; });
  });
}

/// Removes tables without changes.
void remove_empty(Plan& plan) {
  std::erase_if(plan.tables, [](const auto& entry) { return entry.second.empty(); });
}

}  // namespace

void move_base_chains(nft::TablePlan& from, nft::TablePlan& to) {
  for (auto at = from.add_chains.begin(); at != from.add_chains.end();) {
    const auto chain = at++;
    if (chain->second.base) to.add_chains.insert(from.add_chains.extract(chain));
  }
}

std::vector<Plan> plan_steps(Plan plan, bool hooked) {
  std::vector<Plan> all;
  if (plan.empty()) return all;
  const auto needs_steps = [&](const auto& entry) { return has_steps(entry.second, hooked); };
  if (std::ranges::none_of(plan.tables, needs_steps)) {
    all.push_back(std::move(plan));
    return all;
  }
  Steps steps;
  for (auto& [key, table] : plan.tables) {
    // Nothing in the bridge table is published late.
    const bool whole = key == kBridgeTable || (table.delete_table && (hooked || !table.create_table));
    if (whole) {
      steps.rest.tables[key] = std::move(table);
    } else if (table.create_table) {
      split_new_table(key, std::move(table), steps);
    } else {
      split_changes(key, std::move(table), steps);
    }
  }
  for (Plan* step : {&steps.prepare, &steps.classes, &steps.rest}) remove_empty(*step);
  if (!steps.prepares_content) merge(std::move(steps.prepare), has_blocks(steps.classes) ? steps.classes : steps.rest);
  if (!has_blocks(steps.classes)) merge(std::move(steps.classes), steps.rest);
  for (Plan* step : {&steps.prepare, &steps.classes, &steps.rest}) {
    if (!step->empty()) all.push_back(std::move(*step));
  }
  return all;
}

}  // namespace selvage::controller
