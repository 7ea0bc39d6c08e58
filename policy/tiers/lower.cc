#include "policy/tiers/lower.h"

namespace selvage::policy {
namespace {

AddressSet lower(const Peer& peer, const std::string& namespace_name) {
  if (const auto* block = std::get_if<IpBlock>(&peer)) return *block;
  const auto& pods = std::get<PodPeer>(peer);
  if (pods.namespace_selector) return PodScope{"", pods.namespace_selector, pods.pod_selector};
  return PodScope{namespace_name, std::nullopt, pods.pod_selector};
}

Match lower(const Rule& rule, const std::string& namespace_name) {
  Match match;
  if (rule.any_peer) {
    match.peers.push_back({Anyone{}, {}});
  } else {
    match.peers.reserve(rule.peers.size());
    for (const auto& peer : rule.peers) match.peers.push_back({lower(peer, namespace_name), {}});
  }
  match.ports.reserve(rule.ports.size() + (rule.any_port ? 1 : 0));
  if (rule.any_port) match.ports.emplace_back(EveryProtocol{});
  for (const auto& port : rule.ports) match.ports.emplace_back(port);
  return match;
}

}  // namespace

Policy lower(const NetworkPolicy& policy) {
  Policy result;
  result.order = kNetworkPolicyOrder;
  result.origin = key_of(policy);
  result.subject = {policy.namespace_name, std::nullopt, policy.pod_selector};
  result.staged = policy.mode == Mode::staged;
  for (const Direction direction : kDirections) {
    if (!policy.isolates(direction)) continue;
    PolicySide& side = result.sides[index(direction)];
    side.applies = side.isolates = true;
    side.rules.reserve(policy.rules(direction).size());
    for (const auto& rule : policy.rules(direction)) {
      const auto position = static_cast<std::uint32_t>(side.rules.size());
      side.rules.push_back({lower(rule, policy.namespace_name), Action::allow, {position, {}}});
    }
  }
  return result;
}

}  // namespace selvage::policy
