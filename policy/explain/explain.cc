#include "policy/explain/explain.h"

#include <algorithm>

#include "policy/compile/compiler.h"
#include "policy/explain/nearest_rule.h"

namespace selvage::policy {
namespace {

/// What a node gets of the pods' addresses: SubnetLen and IPv6SubnetLen of Flannel, by default.
IpPrefix subnet_around(const IpAddress& address) { return {address, address.family() == IpFamily::v4 ? 24U : 64U}; }

bool is_among_pods(const Inventory& inventory, const IpPrefix& subnet) {
  const auto& owners = inventory.owners();
  const auto next = owners.lower_bound(subnet.first());
  return next != owners.end() && next->first <= subnet.last();
}

Standing standing_of(const NodePolicy& policy, Direction direction, const FlowKey& flow) {
  const LocalAddress* pod = policy.local.find(direction == Direction::ingress ? flow.destination : flow.source);
  if (pod == nullptr) return Standing::no_local_pod;
  if (!(direction == Direction::ingress ? pod->isolated_ingress : pod->isolated_egress)) return Standing::not_isolated;
  return allows(policy, direction, flow) ? Standing::allowed : Standing::denied;
}

/// The policies that isolate the pod in the direction, the first of them by name.
std::vector<const NetworkPolicy*> isolating(const Compiler& compiler, Direction direction, PodId pod) {
  std::vector<const NetworkPolicy*> policies = compiler.selecting(pod);
  std::erase_if(policies, [&](const NetworkPolicy* policy) {
    return direction == Direction::ingress ? !policy->isolates_ingress : !policy->isolates_egress;
  });
  // Of one namespace, as they select one pod.
  const auto named = policies.begin() + static_cast<std::ptrdiff_t>(std::min(policies.size(), kMaxPolicies));
  std::partial_sort(policies.begin(), named, policies.end(),
                    [](const auto* a, const auto* b) { return a->name < b->name; });
  return policies;
}

}  // namespace

bool Explanation::names_peer() const {
  if (!nearest) return false;
  return std::count_if(nearest->misses.begin(), nearest->misses.end(),
                       [](const Miss& miss) { return !std::holds_alternative<PortMiss>(miss); }) <= 1;
}

FlowEnd find_end(const Compiler& compiler, const IpAddress& address) {
  const Inventory& inventory = compiler.inventory();
  if (const PodId* pod = inventory.owner(address)) {
    const PodRecord& record = inventory.pod(*pod);
    return {FlowEnd::Kind::pod, address, inventory.namespace_at(record.namespace_id).name, record.name};
  }
  if (const std::string* node = compiler.nodes().find(address)) return {FlowEnd::Kind::node, address, {}, *node};
  const IpPrefix subnet = subnet_around(address);
  if (!is_among_pods(inventory, subnet)) return {FlowEnd::Kind::address, address, {}, {}};
  // The first two of a node's subnet are its own: flannel.1 and cni0.
  const bool own = address == subnet.first() || address == subnet.first().next();
  return {own ? FlowEnd::Kind::node : FlowEnd::Kind::unknown_pod, address, {}, {}};
}

Explanation explain(const Compiler& compiler, Direction direction, const FlowKey& flow) {
  Explanation result;
  result.direction = direction;
  result.flow = flow;
  result.source = find_end(compiler, flow.source);
  result.destination = find_end(compiler, flow.destination);
  result.standing = standing_of(compiler.result(), direction, flow);

  const Inventory& inventory = compiler.inventory();
  const bool in = direction == Direction::ingress;
  const PodId* local = inventory.owner(in ? flow.destination : flow.source);
  if (local == nullptr || flow.source == flow.destination) return result;
  const auto policies = isolating(compiler, direction, *local);
  result.policy_count = policies.size();
  for (std::size_t i = 0; i < std::min(policies.size(), kMaxPolicies); ++i) {
    result.policies.push_back(policies[i]->namespace_name + "/" + policies[i]->name);
  }
  const IpAddress& peer = in ? flow.source : flow.destination;
  NearestAnswer answer = find_nearest(
      {inventory, direction, flow, peer, inventory.owner(peer), inventory.owner(flow.destination)}, policies);
  result.complete = answer.complete;
  if (!answer.rule) return result;
  if (answer.rule->misses.empty()) {
    result.standing = Standing::allowed;  // at the latest with the next update
    result.allowed_by = answer.rule->policy;
  } else if (result.standing == Standing::denied) {
    result.nearest = std::move(answer.rule);
  }
  return result;
}

}  // namespace selvage::policy
