#include "controller/refusals/root_causes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace selvage::controller {
namespace {

using Kind = nft::PlanPart::Kind;
using nft::PlanPart;

bool looks_up(const nft::Rule& rule, const std::string& set) {
  return std::ranges::any_of(rule.expressions, [&](const nft::Expression& expression) {
    const auto* lookup = std::get_if<nft::Lookup>(&expression);
    return lookup != nullptr && lookup->set == set;
  });
}

/// Whether the rule's jump or goto leads there.
bool leads_to(const nft::Rule& rule, const std::string& chain) {
  if (rule.expressions.empty()) return false;
  const auto* verdict = std::get_if<nft::Verdict>(&rule.expressions.back());
  return verdict != nullptr && verdict->chain == chain;
}

/// Names of refused sets and chains of one table.
struct RefusedNames {
  std::set<std::string> sets;
  std::set<std::string> chains;

  [[nodiscard]] bool concern(const nft::Rule& rule) const {
    return std::ranges::any_of(sets, [&](const auto& set) { return looks_up(rule, set); }) ||
           std::ranges::any_of(chains, [&](const auto& chain) { return leads_to(rule, chain); });
  }

  [[nodiscard]] bool concern(const nft::Table& table, const PlanPart& part) const {
    if (part.kind == Kind::rule) {
      if (chains.contains(part.name)) return true;
      const auto chain = table.chains.find(part.name);
      return chain != table.chains.end() && part.rule < chain->second.rules.size() &&
             concern(chain->second.rules[part.rule]);
    }
    if (part.kind != Kind::element) return false;
    if (sets.contains(part.name)) return true;
    const auto set = table.sets.find(part.name);
    if (set == table.sets.end() || !part.element) return false;
    const auto element = set->second.elements.find(*part.element);
    return element != set->second.elements.end() && element->second.verdict &&
           chains.contains(element->second.verdict->chain);
  }
};

}  // namespace

std::vector<nft::RefusedPart> root_causes(const std::vector<nft::RefusedPart>& refused, const nft::Ruleset& want) {
  std::map<nft::TableKey, RefusedNames> names;
  for (const auto& [part, code] : refused) {
    if (part.deletion) continue;
    if (part.kind == Kind::set) names[part.table].sets.insert(part.name);
    if (part.kind == Kind::chain) names[part.table].chains.insert(part.name);
  }
  std::vector<nft::RefusedPart> causes;
  for (const auto& one : refused) {
    const auto table = want.find(one.part.table);
    if (table == want.end() || !names[one.part.table].concern(table->second, one.part)) causes.push_back(one);
  }
  return causes;
}

}  // namespace selvage::controller
