#include "policy/explain/explain.h"

#include <algorithm>

#include "policy/compile/snapshot.h"
#include "policy/explain/nearest_rule.h"

namespace selvage::policy {
namespace {

/// Whether the address is one of the subnet's first ones, which are the node's.
bool is_own(const IpPrefix& subnet, const IpAddress& address, unsigned node_addresses) {
  IpAddress own = subnet.first();
  for (unsigned i = 0; i < node_addresses; ++i, own = own.next()) {
    if (own == address) return true;
  }
  return false;
}

bool is_among_pods(const Inventory& inventory, const IpPrefix& subnet) {
  const auto& owners = inventory.owners();
  const auto next = owners.lower_bound(subnet.first());
  return next != owners.end() && next->first <= subnet.last();
}

FlowVerdict verdict_of(const NodePolicy& policy, Direction direction, const FlowKey& flow) {
  const LocalAddress* pod = policy.local.find(direction == Direction::ingress ? flow.destination : flow.source);
  if (pod == nullptr) return FlowVerdict::no_local_pod;
  if (!pod->isolated(direction)) return FlowVerdict::not_isolated;
  return allows(policy, direction, flow) ? FlowVerdict::allowed : FlowVerdict::denied;
}

/// The policies that isolate the pod in the direction, the first of them by name.
std::vector<const Policy*> isolating(const Snapshot& snapshot, Direction direction, PodId pod) {
  std::vector<const Policy*> policies = snapshot.selecting(pod);
  std::erase_if(policies, [&](const Policy* policy) { return !policy->isolates(direction); });
  // Of one namespace, as they select one pod.
  const auto named = policies.begin() + static_cast<std::ptrdiff_t>(std::min(policies.size(), kMaxPolicies));
  std::partial_sort(policies.begin(), named, policies.end(),
                    [](const auto* a, const auto* b) { return a->origin.name < b->origin.name; });
  return policies;
}

}  // namespace

bool Explanation::names_peer() const {
  if (!nearest) return false;
  return std::count_if(nearest->failed.begin(), nearest->failed.end(), [](const FailedCondition& failed) {
           return !std::holds_alternative<PortMismatch>(failed);
         }) <= 1;
}

FlowEnd find_end(const Snapshot& snapshot, const PodNetworks& networks, const IpAddress& address) {
  const Inventory& inventory = snapshot.inventory();
  if (const PodId* pod = inventory.owner(address)) {
    const PodRecord& record = inventory.pod(*pod);
    return {FlowEnd::Kind::pod, address, inventory.namespace_at(record.namespace_id).name, record.name};
  }
  if (const std::string* node = snapshot.nodes().find(address)) return {FlowEnd::Kind::node, address, {}, *node};
  const IpPrefix subnet{address, networks.subnet_lengths[index(address.family())]};
  if (!is_among_pods(inventory, subnet)) return {FlowEnd::Kind::address, address, {}, {}};
  const bool own = is_own(subnet, address, networks.node_addresses);
  return {own ? FlowEnd::Kind::node : FlowEnd::Kind::unknown_pod, address, {}, {}};
}

Explanation explain(const Snapshot& snapshot, const PodNetworks& networks, Direction direction, const FlowKey& flow) {
  Explanation result;
  result.direction = direction;
  result.flow = flow;
  result.source = find_end(snapshot, networks, flow.source);
  result.destination = find_end(snapshot, networks, flow.destination);
  result.verdict = verdict_of(snapshot.result(), direction, flow);

  const Inventory& inventory = snapshot.inventory();
  const bool in = direction == Direction::ingress;
  const PodId* local = inventory.owner(in ? flow.destination : flow.source);
  if (local == nullptr || flow.source == flow.destination) return result;
  const auto policies = isolating(snapshot, direction, *local);
  result.policy_count = policies.size();
  for (std::size_t i = 0; i < std::min(policies.size(), kMaxPolicies); ++i) {
    result.policies.push_back(qualified_name(policies[i]->origin));
  }
  const IpAddress& peer = in ? flow.source : flow.destination;
  NearestAnswer answer = find_nearest(
      {inventory, direction, flow, peer, inventory.owner(peer), inventory.owner(flow.destination)}, policies);
  result.complete = answer.complete;
  if (!answer.rule) return result;
  if (answer.rule->failed.empty()) {
    result.verdict = FlowVerdict::allowed;  // at the latest with the next update
    result.allowed_by = answer.rule->policy;
  } else if (result.verdict == FlowVerdict::denied) {
    result.nearest = std::move(answer.rule);
  }
  return result;
}

}  // namespace selvage::policy
