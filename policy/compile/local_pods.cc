#include "policy/compile/local_pods.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "policy/compile/port_kind.h"

namespace selvage::policy {

void LocalPods::count(LocalPod& local, const LocalCounts& now) {
  counts_ -= std::exchange(local.counted, now);
  counts_ += now;
}

void LocalPods::count_addresses(const std::set<PodId>& changed_pods) {
  for (const PodId id : changed_pods) {
    LocalPod& local = pods_[id];
    const PodRecord& pod = inventory_.pod(id);
    LocalCounts now = local.counted;
    now.addresses = {};
    if (pod.exists && pod.local) {
      for (const auto& address : pod) ++now.addresses[index(address.family())];
    }
    count(local, now);
  }
}

Families LocalPods::families() const {
  Families families = 0;
  for (const IpFamily family : kFamilies) {
    if (counts_.addresses[index(family)] > 0) families |= bit(family);
  }
  return families;
}

void LocalPods::write(Rewrites rewrites, bool numbers_changed) {
  if (numbers_changed) {
    for (const auto& [id, local] : pods_) {
      if (local.uses_port_names) rewrites[id].whole = true;
    }
  }
  // All are withdrawn before any is written: an address may move from one pod to another.
  for (const auto& [id, rewrite] : rewrites) withdraw(pods_.at(id), rewrite);
  for (const auto& [id, rewrite] : rewrites) write(id, rewrite);
}

void LocalPods::withdraw(LocalPod& local, const Rewrite& rewrite) {
  std::erase_if(local.permissions, [&](const PermissionKey& key) {
    if (!rewrite.concerns(key.predicate)) return false;
    result_.permissions.erase(key);
    return true;
  });
  if (!rewrite.whole) return;
  for (const auto& address : local.addresses) result_.local.erase(address);
  local.addresses.clear();
}

void LocalPods::write(PodId id, const Rewrite& rewrite) {
  LocalPod& local = pods_.at(id);
  const PodRecord& pod = inventory_.pod(id);
  if (!pod.exists || !pod.local) {
    count(local, {});
    pods_.erase(id);
    return;
  }
  if (rewrite.whole) {
    std::copy_if(pod.begin(), pod.end(), std::back_inserter(local.addresses), [&](const IpAddress& address) {
      const PodId* owner = inventory_.owner(address);
      return owner != nullptr && *owner == id;
    });
  }
  write_isolation(local, id);
  write_permissions(local, id, rewrite);
  LocalCounts now{local.counted.addresses, {}, {}};
  for (const Direction direction : kDirections)
    now.isolated[index(direction)] = local.isolated[index(direction)] ? 1 : 0;
  for (const auto& key : local.permissions) ++now.permissions[static_cast<std::size_t>(key.kind)];
  count(local, now);
}

void LocalPods::write_isolation(LocalPod& local, PodId id) {
  local.isolated = {};
  local.uses_port_names = false;
  for (const PolicyId policy : selections_.of(id)) {
    const Policy& selecting = selections_.at(policy).policy;
    for (const Direction direction : kDirections) local.isolated[index(direction)] |= selecting.isolates(direction);
    local.uses_port_names |= std::ranges::any_of(selecting.rules(Direction::egress), names_port);
  }
  for (const auto& address : local.addresses) {
    result_.local.set(address, {inventory_.pod_name(id), local.isolated[0], local.isolated[1]});
  }
}

void LocalPods::write_permissions(LocalPod& local, PodId id, const Rewrite& rewrite) {
  PermissionCollector collector(inventory_.pod(id), predicates_, rewrite);
  for (const PolicyId policy : selections_.of(id)) {
    for (const auto& address : local.addresses) collector.add(selections_.at(policy), address);
  }
  for (auto& [key, origins] : collector.take()) {
    local.permissions.push_back(key);
    result_.permissions.set(key, std::move(origins));
  }
}

}  // namespace selvage::policy
