#include "controller/tables/tightens.h"

#include <algorithm>
#include <set>
#include <string>

#include "controller/tables/table_layout.h"

namespace selvage::controller {
namespace {

/// Sets whose elements close something: isolated addresses, what is a pod bridge, what is cut. Addresses of this node's
/// pods, too: connections that somebody else began under one were not looked at.
std::set<std::string> closing_sets() {
  std::set<std::string> names = {std::string(kPodBridges), std::string(kCut), local_pods_set(IpFamily::v4),
                                 local_pods_set(IpFamily::v6)};
  for (const auto& name : isolated_sets()) names.insert(name);
  return names;
}

bool tightens(const nft::TablePlan& table) {
  static const std::set<std::string> kClosing = closing_sets();
  if (table.create_table || table.delete_table || !table.delete_sets.empty() || !table.replace_rules.empty())
    return true;
  return std::ranges::any_of(table.elements, [](const auto& entry) {
    const auto& [name, change] = entry;
    if (!change.del.empty()) return true;
    // A cell that is cut in two is removed and added; one that is new lies where nothing was, or what passed anyway.
    const bool moves = change.spec.verdict_map && change.spec.interval;
    return !change.add.empty() && (moves || kClosing.contains(name));
  });
}

}  // namespace

bool tightens(const nft::Plan& plan) {
  return std::ranges::any_of(plan.tables, [](const auto& entry) { return tightens(entry.second); });
}

}  // namespace selvage::controller
