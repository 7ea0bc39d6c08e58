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

void add_permission(CounterLabels& labels, const PermissionKey& key, const PredicateSets& predicate,
                    const policy::Origins& origins) {
  auto& set = labels.allow[set_of(key, predicate)];
  if (set.policies.empty()) {
    set.direction = predicate.direction;
    set.spec = predicate_set_spec(key.kind, key.local.family(), {}, true);
  }
  set.policies.insert_or_assign(permission_element(key), origins);
}

void remove_permission(CounterLabels& labels, const PermissionKey& key, const PredicateSets& predicate) {
  const auto set = labels.allow.find(set_of(key, predicate));
  if (set == labels.allow.end()) return;
  set->second.policies.erase(permission_element(key));
  if (set->second.policies.empty()) labels.allow.erase(set);
}

/// The predicate before the changes; nullptr: there was none.
const PredicateSets* predicate_before(policy::PredicateId id, const policy::NodePolicyDelta& delta,
                                      const policy::NodePolicy& policy) {
  const auto change = std::ranges::lower_bound(delta.predicates, id, {}, [](const auto& one) { return one.key; });
  const bool changed = change != delta.predicates.end() && change->key == id && change->before;
  return changed ? &*change->before : policy.predicates.find(id);
}

}  // namespace

CounterLabels counter_labels(const policy::NodePolicy& policy, const RenderOptions& options) {
  CounterLabels labels;
  for (const auto& [address, local] : policy.local.values()) labels.pods.emplace(address, local.pod);
  if (!options.policy_counters) return labels;
  for (const auto& [key, origins] : policy.permissions.values()) {
    add_permission(labels, key, *policy.predicates.find(key.predicate), origins);
  }
  return labels;
}

void update_labels(CounterLabels& labels, const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy,
                   const RenderOptions& options) {
  for (const auto& change : delta.local) {
    if (change.after) {
      labels.pods.insert_or_assign(change.key, change.after->pod);
    } else {
      labels.pods.erase(change.key);
    }
  }
  if (!options.policy_counters) return;
  for (const auto& change : delta.permissions) {
    if (change.after) continue;
    const PredicateSets* predicate = predicate_before(change.key.predicate, delta, policy);
    if (predicate != nullptr) remove_permission(labels, change.key, *predicate);
  }
  for (const auto& change : delta.permissions) {
    if (change.after) add_permission(labels, change.key, *policy.predicates.find(change.key.predicate), *change.after);
  }
}

namespace {

/// Limits the length of a series' label: users choose the names, and each pod has a series.
constexpr std::size_t kMaxNamed = 16;

/// Empty if an enforced policy isolates the pod, or no policy does.
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
  StagedLabels labels;
  for (const auto& [address, local] : staged.result().local.values()) {
    const policy::PodId* pod = staged.inventory().owner(address);
    if (pod == nullptr) continue;
    const auto selecting = staged.selecting(*pod);
    for (const policy::Direction direction : policy::kDirections) {
      auto names = staged_policies(selecting, direction);
      if (!names.empty()) labels.at(policy::index(direction)).emplace(address, std::move(names));
    }
  }
  return labels;
}

}  // namespace selvage::controller
