#include "controller/counters/counter_labels.h"

#include <algorithm>
#include <utility>

#include "controller/tables/table_layout.h"

namespace selvage::controller {

namespace {

using policy::PermissionKey;
using policy::PredicateSets;

std::string set_of(const PermissionKey& key, const PredicateSets& predicate) {
  return predicate_set(predicate.name, predicate.direction, key.kind, key.local.family());
}

void own(CounterLabels& owners, const PermissionKey& key, const PredicateSets& predicate,
         const policy::Origins& origins) {
  auto& set = owners.allow[set_of(key, predicate)];
  if (set.policies.empty()) {
    set.direction = predicate.direction;
    set.spec = predicate_set_spec(key.kind, key.local.family(), {}, true);
  }
  set.policies.insert_or_assign(permission_element(key), origins);
}

void disown(CounterLabels& owners, const PermissionKey& key, const PredicateSets& predicate) {
  const auto set = owners.allow.find(set_of(key, predicate));
  if (set == owners.allow.end()) return;
  set->second.policies.erase(permission_element(key));
  if (set->second.policies.empty()) owners.allow.erase(set);
}

/// Of a predicate that there was before the changes; nullptr: there was none.
const PredicateSets* predicate_before(policy::PredicateId id, const policy::NodePolicyDelta& delta,
                                      const policy::NodePolicy& policy) {
  const auto change = std::ranges::lower_bound(delta.predicates, id, {}, [](const auto& one) { return one.key; });
  const bool changed = change != delta.predicates.end() && change->key == id && change->before;
  return changed ? &*change->before : policy.predicates.find(id);
}

}  // namespace

CounterLabels counter_labels(const policy::NodePolicy& policy, const RenderOptions& options) {
  CounterLabels owners;
  for (const auto& [address, local] : policy.local.values()) owners.pods.emplace(address, local.pod);
  if (!options.policy_counters) return owners;
  for (const auto& [key, origins] : policy.permissions.values()) {
    own(owners, key, *policy.predicates.find(key.predicate), origins);
  }
  return owners;
}

void update_labels(CounterLabels& owners, const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy,
                   const RenderOptions& options) {
  for (const auto& change : delta.local) {
    if (change.after) {
      owners.pods.insert_or_assign(change.key, change.after->pod);
    } else {
      owners.pods.erase(change.key);
    }
  }
  if (!options.policy_counters) return;
  for (const auto& change : delta.permissions) {
    if (change.after) continue;
    const PredicateSets* predicate = predicate_before(change.key.predicate, delta, policy);
    if (predicate != nullptr) disown(owners, change.key, *predicate);
  }
  for (const auto& change : delta.permissions) {
    if (change.after) own(owners, change.key, *policy.predicates.find(change.key.predicate), *change.after);
  }
}

namespace {

/// More are not named: names are their users', and each pod has a series of them.
constexpr std::size_t kMaxNamed = 16;

/// Empty where an enforced policy isolates the pod, or none does.
policy::Origins staged_policies(const std::vector<const policy::Policy*>& selecting, policy::Direction direction) {
  policy::Origins names;
  for (const auto* one : selecting) {
    if (!one->isolates(direction)) continue;
    if (!one->staged) return {};
    names.push_back(qualified_name(one->origin));
  }
  std::sort(names.begin(), names.end());
  if (names.size() > kMaxNamed) names.resize(kMaxNamed);
  return names;
}

}  // namespace

StagedLabels staged_labels(const policy::Snapshot& staged) {
  StagedLabels owners;
  for (const auto& [address, local] : staged.result().local.values()) {
    const policy::PodId* pod = staged.inventory().owner(address);
    if (pod == nullptr) continue;
    const auto selecting = staged.selecting(*pod);
    for (const policy::Direction direction : policy::kDirections) {
      auto names = staged_policies(selecting, direction);
      if (!names.empty()) owners.at(policy::index(direction)).emplace(address, std::move(names));
    }
  }
  return owners;
}

}  // namespace selvage::controller
