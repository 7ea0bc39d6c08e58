#include "controller/tables/fallback.h"

#include <algorithm>
#include <string>

#include "controller/tables/table_layout.h"

namespace selvage::controller {
namespace {

using Kind = nft::PlanPart::Kind;
using nft::PlanPart;

bool is_permission_set(std::string_view name) { return is_set(name, SetRole::Kind::permissions); }
bool is_class_chain(std::string_view name) { return is_chain(name, ChainRole::Kind::peer_class); }

/// Verdict maps from an address to its class: an address that is not found falls through to the next map, or is denied.
bool is_class_map(std::string_view name) {
  return is_set(name, SetRole::Kind::peers) || is_set(name, SetRole::Kind::cidrs);
}

/// Sets of the node's own pods, where no match means a drop.
bool is_local_set(std::string_view name) {
  return is_set(name, SetRole::Kind::local_pods) || is_set(name, SetRole::Kind::self);
}

/// Whether a rule that ends with this verdict lets packets through.
bool lets_through(nft::Verdict::Code code) {
  switch (code) {
    case nft::Verdict::Code::accept:
    case nft::Verdict::Code::return_:
      return true;
    case nft::Verdict::Code::drop:
    case nft::Verdict::Code::jump:
    case nft::Verdict::Code::go_to:
      return false;
  }
  return false;
}

const nft::Lookup* lookup_in(const nft::Rule& rule, const std::string& set) {
  for (const auto& expression : rule.expressions) {
    const auto* lookup = std::get_if<nft::Lookup>(&expression);
    if (lookup != nullptr && lookup->set == set) return lookup;
  }
  return nullptr;
}

/// Whether every rule that looks up the set lets packets through on a match.
bool only_lets_through(const nft::Table& table, const std::string& set) {
  for (const auto& [name, chain] : table.chains) {
    for (const nft::Rule& rule : chain.rules) {
      const nft::Lookup* lookup = lookup_in(rule, set);
      if (lookup == nullptr) continue;
      const auto* verdict = std::get_if<nft::Verdict>(&rule.expressions.back());
      if (lookup->inverted || verdict == nullptr || !lets_through(verdict->code)) return false;
    }
  }
  return true;
}

void leave_out_sets(nft::Table& table, const std::set<std::string>& sets) {
  if (sets.empty()) return;
  for (const auto& set : sets) table.sets.erase(set);
  for (auto& [name, chain] : table.chains) {
    std::erase_if(chain.rules, [&](const nft::Rule& rule) {
      return std::ranges::any_of(rule.expressions, [&](const nft::Expression& expression) {
        const auto* lookup = std::get_if<nft::Lookup>(&expression);
        return lookup != nullptr && sets.contains(lookup->set);
      });
    });
  }
}

void leave_out_chains(nft::Table& table, const std::set<std::string>& chains) {
  if (chains.empty()) return;
  for (const auto& chain : chains) table.chains.erase(chain);
  for (auto& [name, set] : table.sets) {
    if (!set.spec.verdict_map) continue;
    std::erase_if(set.elements, [&](const auto& element) {
      return element.second.verdict && chains.contains(element.second.verdict->chain);
    });
  }
}

PlanPart inet_part(Kind kind, const std::string& name) {
  PlanPart part;
  part.table = kInetTable;
  part.kind = kind;
  part.name = name;
  return part;
}

/// Collects the chains that elements of `want` lead to and that `have` has differently.
void collect_targets(const nft::Set* have, const nft::Set& want, std::set<std::string>& chains) {
  for (const auto& [key, data] : want.elements) {
    if (!data.verdict) continue;
    if (have != nullptr) {
      const auto old = have->elements.find(key);
      if (old != have->elements.end() && old->second == data) continue;
    }
    if (is_class_chain(data.verdict->chain)) chains.insert(data.verdict->chain);
  }
}

template <class Map>
const typename Map::mapped_type* find(const Map& map, const typename Map::key_type& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

PlanPart to_be_left_out(PlanPart part) {
  part.rule = 0;
  if (part.kind == Kind::element && !part.element && is_permission_set(part.name)) part.kind = Kind::set;
  return part;
}

bool has_fallback(const nft::Ruleset& want, const PlanPart& part) {
  if (part.deletion || part.table != kInetTable || excerpt(want, part).empty()) return false;
  const nft::Table& table = want.at(part.table);
  switch (part.kind) {
    case Kind::table:
      return false;
    case Kind::set:
      return is_permission_set(part.name) && only_lets_through(table, part.name);
    case Kind::chain:
    case Kind::rule:
      return is_class_chain(part.name);
    case Kind::element:
      if (is_class_map(part.name)) return true;
      return (is_permission_set(part.name) || is_local_set(part.name)) && only_lets_through(table, part.name);
  }
  return false;
}

nft::Ruleset without_parts(nft::Ruleset want, const OmittedParts& parts) {
  const auto found = want.find(kInetTable);
  if (parts.empty() || found == want.end()) return want;
  nft::Table& table = found->second;
  std::set<std::string> sets;
  std::set<std::string> chains;
  for (const PlanPart& part : parts) {
    if (part.kind == Kind::set) sets.insert(part.name);
    if (part.kind == Kind::chain) chains.insert(part.name);
    if (part.kind == Kind::rule) {
      const auto chain = table.chains.find(part.name);
      if (chain == table.chains.end() || chain->second.rules.empty()) continue;
      auto& rules = chain->second.rules;
      rules.erase(rules.begin(), rules.end() - 1);  // the last one denies
    }
    if (part.kind == Kind::element && part.element) {
      const auto set = table.sets.find(part.name);
      if (set != table.sets.end()) set->second.elements.erase(*part.element);
    }
  }
  leave_out_sets(table, sets);
  leave_out_chains(table, chains);
  return want;
}

nft::Ruleset excerpt(const nft::Ruleset& want, const PlanPart& part) {
  const nft::Table* table = find(want, part.table);
  if (table == nullptr) return {};
  nft::Table alone;
  if (part.kind == Kind::chain || part.kind == Kind::rule) {
    const nft::Chain* chain = find(table->chains, part.name);
    if (chain == nullptr) return {};
    alone.chains[part.name] = *chain;
  } else if (part.kind != Kind::table) {
    const nft::Set* set = find(table->sets, part.name);
    if (set == nullptr) return {};
    nft::Set& copy = alone.sets[part.name];
    copy.spec = set->spec;
    if (part.element) {
      const nft::ElementData* data = find(set->elements, *part.element);
      if (data == nullptr) return {};
      copy.elements[*part.element] = *data;
    }
  }
  return {{part.table, std::move(alone)}};
}

std::vector<PlanPart> changed_parts(const nft::Ruleset& have, const nft::Ruleset& want) {
  static const nft::Table kNothing;
  const nft::Table* found = find(have, kInetTable);
  const nft::Table& old = found == nullptr ? kNothing : *found;
  const nft::Table& table = want.at(kInetTable);
  std::set<std::string> chains;
  std::vector<PlanPart> parts;
  for (const auto& [name, set] : table.sets) {
    const nft::Set* before = find(old.sets, name);
    if (set.spec.verdict_map) collect_targets(before, set, chains);
    const PlanPart part = inet_part(Kind::set, name);
    if ((before == nullptr || *before != set) && has_fallback(want, part)) parts.push_back(part);
  }
  for (const auto& [name, chain] : table.chains) {
    const nft::Chain* before = find(old.chains, name);
    if (is_class_chain(name) && (before == nullptr || *before != chain)) chains.insert(name);
  }
  for (const auto& name : chains) parts.push_back(inet_part(Kind::chain, name));
  return parts;
}

nft::Ruleset with_isolation_of(nft::Ruleset have, const nft::Ruleset& want) {
  const auto table = have.find(kInetTable);
  const nft::Table* wanted = find(want, kInetTable);
  if (table == have.end() || wanted == nullptr) return have;
  for (const auto& name : isolated_sets()) {
    const auto set = table->second.sets.find(name);
    const nft::Set* more = find(wanted->sets, name);
    if (set == table->second.sets.end() || more == nullptr || set->second.spec != more->spec) continue;
    set->second.elements.insert(more->elements.begin(), more->elements.end());
  }
  return have;
}

}  // namespace selvage::controller
