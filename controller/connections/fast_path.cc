#include "controller/connections/fast_path.h"

#include <map>
#include <string>

#include "controller/tables/table_layout.h"
#include "controller/tables/unknown_endpoints.h"
#include "nft/model/fields.h"

namespace selvage::controller {
namespace {

const nft::ElementKey& established() {
  static const nft::ElementKey kKey{nft::host_order(kEstablished), {}};
  return kKey;
}

nft::SetChange& state_of(nft::TablePlan& plan) {
  nft::SetChange& change = plan.elements[std::string(kFastpathState)];
  change.spec = fastpath_state_spec();
  return change;
}

nft::SetChange& pods_of(nft::TablePlan& plan, IpFamily family) {
  nft::SetChange& change = plan.elements[fastpath_pods_set(family)];
  change.spec = fastpath_pods_spec(family);
  return change;
}

/// Calls `visit` with the set, or its change, if there is one.
template <class Sets, class Visit>
void with(const Sets& sets, const std::string& name, const nft::SetSpec& spec, const Visit& visit) {
  if (const auto found = sets.find(name); found != sets.end() && found->second.spec == spec) visit(found->second);
}

}  // namespace

void FastPath::load(const nft::Ruleset& have) {
  states_.clear();
  pods_.clear();
  const auto table = have.find(kInetTable);
  if (table == have.end()) return;
  with(table->second.sets, std::string(kFastpathState), fastpath_state_spec(), [&](const nft::Set& set) {
    for (const auto& entry : set.elements) states_.insert(entry.first);
  });
  for (const IpFamily family : policy::kFamilies) {
    with(table->second.sets, fastpath_pods_set(family), fastpath_pods_spec(family), [&](const nft::Set& set) {
      for (const auto& entry : set.elements) pods_.insert(IpAddress::from_bytes(family, entry.first.first.data()));
    });
  }
}

void FastPath::disable_fast_path(nft::Plan& plan) const {
  if (empty()) return;
  nft::TablePlan& table = plan.tables[kInetTable];
  table.elements.erase(std::string(kFastpathState));
  if (table.create_table || table.delete_table) return;  // the new set is empty
  state_of(table).del.insert(states_.begin(), states_.end());
}

void FastPath::committed(const nft::Plan& plan) {
  const auto found = plan.tables.find(kInetTable);
  if (found == plan.tables.end()) return;
  const nft::TablePlan& table = found->second;
  if (table.create_table || table.delete_table) {
    states_.clear();
    pods_.clear();
  }
  with(table.elements, std::string(kFastpathState), fastpath_state_spec(), [&](const nft::SetChange& change) {
    for (const auto& key : change.del) states_.erase(key);
    for (const auto& entry : change.add) states_.insert(entry.first);
  });
  for (const IpFamily family : policy::kFamilies) {
    with(table.elements, fastpath_pods_set(family), fastpath_pods_spec(family), [&](const nft::SetChange& change) {
      for (const auto& key : change.del) pods_.erase(IpAddress::from_bytes(family, key.first.data()));
      for (const auto& entry : change.add) pods_.insert(IpAddress::from_bytes(family, entry.first.first.data()));
    });
  }
}

void FastPath::write(const FastPathFindings& findings, nft::TablePlan& plan) const {
  for (const nft::ElementKey& state : states_) {
    if (state != established()) state_of(plan).del.insert(state);
  }
  for (const IpAddress& pod : pods_) {
    if (!findings.pods.contains(pod)) pods_of(plan, pod.family()).del.insert({pod.key(), {}});
  }
  if (!findings.sure) return;
  std::map<IpFamily, std::size_t> held;
  for (const IpAddress& pod : findings.pods) {
    if (++held[pod.family()] > kMaxFastpathPods) continue;
    if (!pods_.contains(pod)) pods_of(plan, pod.family()).add[{pod.key(), {}}] = {};
  }
  if (!states_.contains(established())) state_of(plan).add[established()] = {};
}

}  // namespace selvage::controller
