#include "nft/model/jumps.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace selvage::nft {
namespace {

constexpr int kJumpStackSize = 16;  // NFT_JUMP_STACK_SIZE (net/netfilter/nf_tables.h)

bool names(const Rule& rule, const std::string& chain) {
  return std::ranges::any_of(rule.expressions, [&](const Expression& expression) {
    const auto* verdict = std::get_if<Verdict>(&expression);
    return verdict != nullptr && verdict->chain == chain;
  });
}

bool looks_up(const Rule& rule, const std::string& set) {
  return std::ranges::any_of(rule.expressions, [&](const Expression& expression) {
    const auto* lookup = std::get_if<Lookup>(&expression);
    return lookup != nullptr && lookup->set == set;
  });
}

bool names(const Set& set, const std::string& chain) {
  return set.spec.verdict_map && std::ranges::any_of(set.elements, [&](const auto& element) {
           return element.second.verdict && element.second.verdict->chain == chain;
         });
}

template <class Predicate>
bool any_rule(const Table& table, Predicate holds) {
  return std::ranges::any_of(table.chains,
                             [&](const auto& entry) { return std::ranges::any_of(entry.second.rules, holds); });
}

/// Longest paths from chains, each computed once.
class Depths {
 public:
  explicit Depths(const Table& table) : table_(table) {}

  /// Steps of the longest path from `chain`; kJumpStackSize at a cycle.
  int from(const std::string& chain) {
    const auto [at, unknown] = depths_.try_emplace(chain, kJumpStackSize);  // found again on the path: a cycle
    if (!unknown) return at->second;
    int depth = 0;
    for (const std::string& next : targets(chain)) depth = std::max(depth, 1 + from(next));
    return depths_[chain] = std::min(depth, kJumpStackSize);
  }

 private:
  std::set<std::string> targets(const std::string& chain) {
    std::set<std::string> found;
    const auto at = table_.chains.find(chain);
    if (at == table_.chains.end()) return found;
    for (const Rule& rule : at->second.rules) {
      for (const Expression& expression : rule.expressions) add_targets(expression, found);
    }
    return found;
  }

  void add_targets(const Expression& expression, std::set<std::string>& found) {
    if (const auto* verdict = std::get_if<Verdict>(&expression); verdict && !verdict->chain.empty()) {
      found.insert(verdict->chain);
    }
    if (const auto* lookup = std::get_if<Lookup>(&expression); lookup && lookup->to_verdict) {
      found.merge(std::set<std::string>(of_map(lookup->set)));
    }
  }

  const std::set<std::string>& of_map(const std::string& name) {
    const auto [at, unknown] = maps_.try_emplace(name);
    const auto set = table_.sets.find(name);
    if (!unknown || set == table_.sets.end()) return at->second;
    for (const auto& [key, data] : set->second.elements) {
      if (data.verdict && !data.verdict->chain.empty()) at->second.insert(data.verdict->chain);
    }
    return at->second;
  }

  const Table& table_;
  std::map<std::string, int> depths_;
  std::map<std::string, std::set<std::string>> maps_;
};

}  // namespace

bool is_chain_used(const Table& table, const std::string& chain) {
  return any_rule(table, [&](const Rule& rule) { return names(rule, chain); }) ||
         std::ranges::any_of(table.sets, [&](const auto& entry) { return names(entry.second, chain); });
}

bool is_set_used(const Table& table, const std::string& set) {
  return any_rule(table, [&](const Rule& rule) { return looks_up(rule, set); });
}

bool jumps_too_deep(const Table& table) {
  Depths depths(table);
  return std::ranges::any_of(table.chains, [&](const auto& entry) {
    return entry.second.base.has_value() && depths.from(entry.first) >= kJumpStackSize;
  });
}

}  // namespace selvage::nft
