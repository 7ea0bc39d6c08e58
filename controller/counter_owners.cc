#include "controller/counter_owners.h"

#include <algorithm>
#include <utility>

#include "controller/table_layout.h"

namespace selvage::controller {

CounterOwners counter_owners(const policy::NodePolicy& policy, const RenderOptions& options) {
  CounterOwners owners;
  for (const auto& [address, local] : policy.local.values()) owners.pods.emplace(address, local.pod);
  if (!options.policy_counters) return owners;
  for (const auto& [key, origins] : policy.permissions.values()) {
    const policy::PredicateSets& predicate = *policy.predicates.find(key.predicate);
    const IpFamily family = key.local.family();
    auto& set = owners.allow[predicate_set(predicate.name, predicate.direction, key.kind, family)];
    if (set.policies.empty()) {
      set.direction = predicate.direction;
      set.spec = predicate_set_spec(key.kind, family, {}, options.policy_counters);
    }
    set.policies.emplace(permission_element(key), origins);
  }
  return owners;
}

namespace {

/// More are not named: names are their users', and each pod has a series of them.
constexpr std::size_t kMostNamed = 16;

/// Empty where an enforced policy isolates the pod, or none does.
policy::Origins staged_policies(const std::vector<const policy::NetworkPolicy*>& selecting,
                                policy::Direction direction) {
  policy::Origins names;
  for (const auto* one : selecting) {
    if (direction == policy::Direction::ingress ? !one->isolates_ingress : !one->isolates_egress) continue;
    if (one->mode != policy::Mode::staged) return {};
    names.push_back(one->namespace_name + "/" + one->name);
  }
  std::sort(names.begin(), names.end());
  if (names.size() > kMostNamed) names.resize(kMostNamed);
  return names;
}

}  // namespace

StagedOwners staged_owners(const policy::Compiler& staged) {
  StagedOwners owners;
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
