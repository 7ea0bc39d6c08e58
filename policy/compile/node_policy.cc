#include "policy/compile/node_policy.h"

#include "base/ip_protocol.h"

namespace selvage::policy {
namespace {

const ClassId* find_class(const NodePolicy& policy, Direction direction, const IpAddress& address) {
  const PeerClass* peer = policy.peers[index(direction)].find(address);
  if (peer != nullptr) return &peer->class_id;
  const auto& cells = policy.cells[index(direction)].values();
  // The last cell that begins at or before the address.
  auto after = cells.upper_bound({address, IpAddress::highest(address.family())});
  if (after == cells.begin()) return nullptr;
  const auto& [range, class_id] = *std::prev(after);
  return range.first.family() == address.family() && address <= range.last ? &class_id : nullptr;
}

bool permits(const NodePolicy& policy, PredicateId predicate, const IpAddress& local, const FlowKey& flow) {
  const auto& permissions = policy.permissions.values();
  if (permissions.count({predicate, local, PortKind::all, 0, 0, 0}) > 0) return true;
  if (!ip_protocol::has_ports(flow.protocol)) return false;
  if (permissions.count({predicate, local, PortKind::protocols, flow.protocol, 0, 0}) > 0) return true;
  const std::uint16_t port = flow.destination_port;
  if (permissions.count({predicate, local, PortKind::ports, flow.protocol, port, port}) > 0) return true;
  const PermissionKey probe{predicate, local, PortKind::ranges, flow.protocol, port, 0xffff};
  auto after = permissions.upper_bound(probe);
  if (after == permissions.begin()) return false;
  const PermissionKey& range = std::prev(after)->first;
  return range.predicate == predicate && range.local == local && range.kind == PortKind::ranges &&
         range.protocol == flow.protocol && port <= range.last;
}

bool allows(const NodePolicy& policy, Direction direction, const IpAddress& local, const IpAddress& peer,
            const FlowKey& flow) {
  const PredicateId anyone = policy.anyone[index(direction)];
  if (anyone != 0 && permits(policy, anyone, local, flow)) return true;
  const ClassId* class_id = find_class(policy, direction, peer);
  if (class_id == nullptr) return false;
  for (const auto& step : policy.classes.find(*class_id)->steps) {
    if (permits(policy, step.predicate, local, flow)) return true;
  }
  return false;
}

}  // namespace

bool allows(const NodePolicy& policy, Direction direction, const FlowKey& flow) {
  if (flow.source == flow.destination) return true;
  const bool in = direction == Direction::ingress;
  const IpAddress& local = in ? flow.destination : flow.source;
  const LocalAddress* pod = policy.local.find(local);
  if (pod == nullptr || !pod->isolated(direction)) return true;
  return allows(policy, direction, local, in ? flow.source : flow.destination, flow);
}

bool allows(const NodePolicy& policy, const FlowKey& flow) {
  return allows(policy, Direction::egress, flow) && allows(policy, Direction::ingress, flow);
}

void NodePolicy::start_tracking() {
  local.start_tracking();
  predicates.start_tracking();
  permissions.start_tracking();
  classes.start_tracking();
  for (auto& map : peers) map.start_tracking();
  for (auto& map : cells) map.start_tracking();
  node.start_tracking();
}

NodePolicyDelta take_changes(NodePolicy& policy) {
  NodePolicyDelta delta;
  delta.local = policy.local.take_changes();
  delta.predicates = policy.predicates.take_changes();
  delta.permissions = policy.permissions.take_changes();
  delta.classes = policy.classes.take_changes();
  for (const Direction direction : kDirections) {
    delta.peers[index(direction)] = policy.peers[index(direction)].take_changes();
    delta.cells[index(direction)] = policy.cells[index(direction)].take_changes();
  }
  delta.node = policy.node.take_changes();
  return delta;
}

}  // namespace selvage::policy
