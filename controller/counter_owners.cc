#include "controller/counter_owners.h"

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

}  // namespace selvage::controller
