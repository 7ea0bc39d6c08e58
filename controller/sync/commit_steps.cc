#include "controller/sync/commit_steps.h"

#include <algorithm>
#include <cstdint>
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

/// Bytes of a port as the last field of a key: big endian, padded to four.
constexpr std::size_t kPortField = 4;

std::uint32_t port_at_end(const std::string& key) {
  const std::size_t at = key.size() - kPortField;
  return static_cast<std::uint32_t>(static_cast<unsigned char>(key[at])) << 8 | static_cast<unsigned char>(key[at + 1]);
}

std::string with_port(std::string key, std::uint32_t port) {
  key.resize(key.size() - kPortField);
  return key + static_cast<char>(port >> 8) + static_cast<char>(port & 0xff) + std::string(2, '\0');
}

/// The parts of a range of ports that none of `others` covers.
std::vector<ElementKey> uncovered(const ElementKey& range, const std::set<ElementKey>& others) {
  std::vector<ElementKey> parts;
  std::uint32_t next = port_at_end(range.first);
  const std::uint32_t end = port_at_end(range.last);
  const auto put = [&](std::uint32_t first, std::uint32_t last) {
    if (first <= last) parts.push_back({with_port(range.first, first), with_port(range.first, last)});
  };
  const ElementKey lowest{with_port(range.first, 0), {}};
  for (auto other = others.lower_bound(lowest); other != others.end() && other->first <= range.last; ++other) {
    if (other->last < range.first) continue;
    if (const std::uint32_t begin = port_at_end(other->first); begin > 0) put(next, begin - 1);
    next = std::max(next, port_at_end(other->last) + 1);
  }
  put(next, end);
  return parts;
}

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
  SetChange early{change.spec, {}, {}};
  std::set<ElementKey> temporary;
  for (auto at = change.add.begin(); at != change.add.end();) {
    const auto added = at++;
    if (!change.spec.interval) {
      if (!change.del.contains(added->first)) early.add.insert(change.add.extract(added));
      continue;
    }
    const auto parts = uncovered(added->first, change.del);
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

/// Moves the chains that the kernel calls into the other plan.
void move_base_chains(TablePlan& from, TablePlan& to) {
  for (auto at = from.add_chains.begin(); at != from.add_chains.end();) {
    const auto chain = at++;
    if (chain->second.base) to.add_chains.insert(from.add_chains.extract(chain));
  }
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
bool has_steps(const TablePlan& table, bool enforced) {
  if (table.create_table) return !table.delete_table || !enforced;
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

Plan deletion_of(const nft::TableKey& key) {
  Plan plan;
  plan.tables[key].delete_table = true;
  return plan;
}

/// The same error with parts of the table instead of those of its stand-in.
nft::CommitResult as_of_table(nft::CommitResult result) {
  if (result) return result;
  nft::CommitError error = std::move(result.error());
  for (auto& refused : error.parts) {
    if (refused.part.table == kStandInTable) refused.part.table = kInetTable;
  }
  return tl::unexpected(std::move(error));
}

/// Replaces the enforced table while a stand-in enforces. `plan`: with the table's deletion and creation.
nft::CommitResult replace(Plan plan, const Transaction& commit) {
  TablePlan& table = plan.tables.at(kInetTable);
  // Large contents are moved to and fro, not copied.
  TablePlan base_chains;
  move_base_chains(table, base_chains);
  const bool own = std::exchange(table.own, false);
  table.delete_table = false;
  Plan stand_in;
  stand_in.tables[kStandInTable] = std::move(table);
  if (auto done = as_of_table(commit(stand_in)); !done) return done;
  const auto give_up = [&](nft::CommitResult why) {
    (void)commit(deletion_of(kStandInTable));  // what is left, the next plan from a reading removes
    return as_of_table(std::move(why));
  };
  Plan hooks;
  hooks.tables[kStandInTable] = base_chains;
  if (auto done = commit(hooks); !done) return give_up(std::move(done));
  table = std::move(stand_in.tables.at(kStandInTable));
  table.own = own;
  table.delete_table = true;
  if (auto done = commit(plan); !done) return give_up(std::move(done));
  plan.tables.clear();
  hooks.tables.clear();
  hooks.tables[kInetTable] = std::move(base_chains);
  if (auto done = commit(hooks); !done) return done;
  return commit(deletion_of(kStandInTable));
}

/// `enforced`: whether the tables that are there judge packets; if not, one that is replaced is as good as a new one.
nft::CommitResult commit_steps(Plan plan, bool enforced, const Transaction& commit) {
  const auto needs_steps = [&](const auto& entry) { return has_steps(entry.second, enforced); };
  if (std::ranges::none_of(plan.tables, needs_steps)) return commit(plan);
  Steps steps;
  for (auto& [key, table] : plan.tables) {
    if (table.create_table && (!table.delete_table || !enforced)) {
      split_new_table(key, std::move(table), steps);
    } else if (table.delete_table) {
      steps.rest.tables[key] = std::move(table);
    } else {
      split_changes(key, std::move(table), steps);
    }
  }
  for (Plan* step : {&steps.prepare, &steps.classes, &steps.rest}) remove_empty(*step);
  if (!steps.prepares_content) merge(std::move(steps.prepare), has_blocks(steps.classes) ? steps.classes : steps.rest);
  if (!has_blocks(steps.classes)) merge(std::move(steps.classes), steps.rest);
  for (Plan* step : {&steps.prepare, &steps.classes, &steps.rest}) {
    if (step->empty()) continue;
    if (auto done = commit(*step); !done) return done;
    step->tables.clear();
  }
  return {};
}

}  // namespace

nft::CommitResult commit_in_steps(Plan plan, const Transaction& commit) {
  return commit_steps(std::move(plan), true, commit);
}

TablesThere tables_there(const nft::Ruleset& have) {
  const auto table = have.find(kInetTable);
  const bool enforced =
      table != have.end() && table->second.ownership != nft::Ownership::taken &&
      std::ranges::any_of(table->second.chains, [](const auto& entry) { return entry.second.base.has_value(); });
  return {enforced, have.contains(kStandInTable)};
}

nft::CommitResult commit_whole(Plan plan, TablesThere there, const Transaction& commit) {
  plan.tables.erase(kStandInTable);
  if (there.stand_in && there.enforced) {
    if (auto done = commit(deletion_of(kStandInTable)); !done) return done;
    there.stand_in = false;
  }
  const auto table = plan.tables.find(kInetTable);
  const bool replaces = table != plan.tables.end() && table->second.delete_table && table->second.create_table;
  if (replaces && there.enforced) return replace(std::move(plan), commit);
  if (auto done = commit_steps(std::move(plan), there.enforced, commit); !done || !there.stand_in) return done;
  return commit(deletion_of(kStandInTable));
}

}  // namespace selvage::controller
