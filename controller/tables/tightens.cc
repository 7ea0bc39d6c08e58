#include "controller/tables/tightens.h"

#include <algorithm>
#include <string_view>

#include "controller/tables/set_role.h"

namespace selvage::controller {
namespace {

/// Whether elements that are added to the set can only let more pass.
bool additions_only_allow(std::string_view set) {
  const auto role = set_role(set);
  if (!role) return false;
  switch (role->kind) {
    case SetRole::Kind::pod_bridges:
    case SetRole::Kind::cut:
    case SetRole::Kind::local_pods:  // connections that others began under one were not looked at
    case SetRole::Kind::isolated:
    case SetRole::Kind::denied:
    case SetRole::Kind::cidrs:  // a cell that is cut in two is removed and added
      return false;
    default:
      return true;
  }
}

bool tightens(const nft::TablePlan& table) {
  if (table.create_table || table.delete_table || !table.delete_sets.empty() || !table.replace_rules.empty())
    return true;
  return std::ranges::any_of(table.elements, [](const auto& entry) {
    const auto& [name, change] = entry;
    return !change.del.empty() || (!change.add.empty() && !additions_only_allow(name));
  });
}

}  // namespace

bool tightens(const nft::Plan& plan) {
  return std::ranges::any_of(plan.tables, [](const auto& entry) { return tightens(entry.second); });
}

}  // namespace selvage::controller
