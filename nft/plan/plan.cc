#include "nft/plan/plan.h"

#include <algorithm>

namespace selvage::nft {
namespace {

bool is_empty(const SetChange& change) { return change.add.empty() && change.del.empty(); }

PlanSize size_of(const TablePlan& plan) {
  PlanSize size;
  size.tables = plan.delete_table || plan.create_table || plan.own ? 1 : 0;
  size.sets = plan.add_sets.size() + plan.delete_sets.size();
  size.chains = plan.add_chains.size() + plan.delete_chains.size() + plan.replace_rules.size();
  for (const auto& [name, chain] : plan.add_chains) size.rules += chain.rules.size();
  for (const auto& [name, rules] : plan.replace_rules) size.rules += rules.size();
  for (const auto& [name, change] : plan.elements) size.elements += change.add.size() + change.del.size();
  return size;
}

}  // namespace

bool TablePlan::empty() const {
  return !delete_table && !create_table && !own && add_sets.empty() && delete_sets.empty() && add_chains.empty() &&
         replace_rules.empty() && delete_chains.empty() &&
         std::ranges::all_of(elements, [](const auto& entry) { return is_empty(entry.second); });
}

bool Plan::empty() const {
  return std::ranges::all_of(tables, [](const auto& entry) { return entry.second.empty(); });
}

PlanSize size_of(const Plan& plan) {
  PlanSize sum;
  for (const auto& [key, table] : plan.tables) {
    const PlanSize part = size_of(table);
    sum.tables += part.tables;
    sum.sets += part.sets;
    sum.chains += part.chains;
    sum.rules += part.rules;
    sum.elements += part.elements;
  }
  return sum;
}

}  // namespace selvage::nft
