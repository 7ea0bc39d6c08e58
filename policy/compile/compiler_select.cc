#include "policy/compile/compiler.h"

/// Which policies select which pods of this node. A pod that changed is held against the policies of its namespace, a
/// policy that came or went against the pods of its.
namespace selvage::policy {

std::set<Compiler::PolicyId> Compiler::policies_of(PodId id) const {
  std::set<PolicyId> selecting;
  const PodRecord& pod = inventory_.pod(id);
  if (!pod.exists || !pod.local) return selecting;
  const auto candidates = policies_by_namespace_.find(pod.namespace_id);
  if (candidates == policies_by_namespace_.end()) return selecting;
  const Labels& labels = inventory_.labels(id);
  for (const PolicyId policy : candidates->second) {
    if (policies_.at(policy).policy.pod_selector.matches(labels)) selecting.insert(policy);
  }
  return selecting;
}

std::vector<const NetworkPolicy*> Compiler::selecting(PodId id) const {
  std::vector<const NetworkPolicy*> found;
  const auto local = local_pods_.find(id);
  if (local == local_pods_.end()) return found;
  for (const PolicyId policy : local->second.policies) found.push_back(&policies_.at(policy).policy);
  return found;
}

/// Works off what came and went; returns the pods of this node that have to be written anew.
Compiler::Rewrites Compiler::update_selections() {
  Rewrites rewrites;
  for (const PodId id : dirty_.local_pods) {
    rewrites[id].whole = true;
    select_policies(id);
    count_addresses(id);
  }
  for (const PolicyId id : retired_policies_) end_policy(id, rewrites);
  retired_policies_.clear();
  for (const PolicyId id : std::exchange(fresh_policies_, {})) begin_policy(id, rewrites);
  if (!rewrites.empty()) selections_changed_ = true;
  return rewrites;
}

void Compiler::select_policies(PodId id) {
  LocalPod& local = local_pods_[id];
  const std::set<PolicyId> before = std::exchange(local.policies, policies_of(id));
  for (const PolicyId policy : local.policies) gain_pod(policies_.at(policy));
  for (const PolicyId policy : before) lose_pod(policies_.at(policy));
}

void Compiler::begin_policy(PolicyId id, Rewrites& rewrites) {
  PolicyRecord& record = policies_.at(id);
  for (const PodId pod : inventory_.namespace_at(record.namespace_id).local_pods) {
    if (!record.policy.pod_selector.matches(inventory_.labels(pod))) continue;
    if (!local_pods_.at(pod).policies.insert(id).second) continue;  // a pod that changed knows it already
    gain_pod(record);
    rewrites[pod].add(rewrite_for(record));
  }
}

void Compiler::end_policy(PolicyId id, Rewrites& rewrites) {
  PolicyRecord& record = policies_.at(id);
  const Rewrite rewrite = rewrite_for(record);
  for (const PodId pod : inventory_.namespace_at(record.namespace_id).local_pods) {
    if (local_pods_.at(pod).policies.erase(id) == 0) continue;
    lose_pod(record);
    rewrites[pod].add(rewrite);
  }
  inventory_.release_namespace(record.namespace_id);
  policies_.erase(id);
}

void Compiler::gain_pod(PolicyRecord& record) {
  if (record.selected_pods++ == 0) put_in_force(record);
}

void Compiler::lose_pod(PolicyRecord& record) {
  if (--record.selected_pods == 0) take_out_of_force(record);
}

/// Counts the addresses that a pod has now in place of those that it had.
void Compiler::count_addresses(PodId id) {
  const PodRecord& pod = inventory_.pod(id);
  std::array<std::uint8_t, 2>& counted = local_pods_.at(id).counted_addresses;
  for (std::size_t family = 0; family < counted.size(); ++family) counts_.addresses[family] -= counted[family];
  counted = {};
  if (!pod.exists || !pod.local) return;
  for (const auto& address : pod) ++counted[index(address.family())];
  for (std::size_t family = 0; family < counted.size(); ++family) counts_.addresses[family] += counted[family];
}

}  // namespace selvage::policy
