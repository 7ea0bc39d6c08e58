#include <algorithm>

#include "policy/compiler.h"
#include "policy/port_ranges.h"

namespace selvage::policy {
namespace {

/// Which kind of set the permission of `port` is in. An egress rule's port name belongs to the
/// refinements of its predicates, not to the predicates themselves.
std::optional<PortKind> kind_of(const PortMatch& port, Direction direction) {
  if (std::holds_alternative<std::monostate>(port.port)) return PortKind::protocols;
  if (const auto* range = std::get_if<PortMatch::Range>(&port.port)) {
    return range->first == range->last ? PortKind::ports : PortKind::ranges;
  }
  if (direction == Direction::ingress) return PortKind::ports;
  return std::nullopt;
}

bool names_port(const Rule& rule) {
  return std::any_of(rule.ports.begin(), rule.ports.end(),
                     [](const auto& port) { return std::holds_alternative<std::string>(port.port); });
}

}  // namespace

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

void Compiler::select_policies(PodId id) {
  LocalPod& local = local_pods_[id];
  const std::set<PolicyId> before = std::exchange(local.policies, policies_of(id));
  for (const PolicyId policy : local.policies) {
    if (policies_.at(policy).selected_pods++ == 0) put_in_force(policies_.at(policy));
  }
  for (const PolicyId policy : before) {
    if (--policies_.at(policy).selected_pods == 0) take_out_of_force(policies_.at(policy));
  }
}

void Compiler::put_in_force(PolicyRecord& record) {
  const NetworkPolicy& policy = record.policy;
  const auto add = [&](const std::vector<Rule>& rules, Direction direction) {
    for (const auto& rule : rules) {
      ActiveRule active{&rule, direction, {}};
      for (const auto& predicate : predicates_of(rule, direction, policy.namespace_name)) {
        active.predicates.push_back(predicates_.acquire(predicate));
      }
      count_rule(active, 1);
      record.rules.push_back(std::move(active));
    }
  };
  if (policy.isolates_ingress) add(policy.ingress, Direction::ingress);
  if (policy.isolates_egress) add(policy.egress, Direction::egress);
}

void Compiler::take_out_of_force(PolicyRecord& record) {
  for (const auto& active : record.rules) {
    count_rule(active, -1);
    for (const PredicateId id : active.predicates) predicates_.release(id);
  }
  record.rules.clear();
}

/// Counts the sets that a rule needs, up or down.
void Compiler::count_rule(const ActiveRule& active, int delta) {
  for (const PredicateId id : active.predicates) {
    if (active.rule->any_port) predicates_.count_kind(id, PortKind::all, delta);
    for (const auto& port : active.rule->ports) {
      if (const auto kind = kind_of(port, active.direction)) {
        predicates_.count_kind(id, *kind, delta);
      } else if (delta > 0) {
        predicates_.acquire_refinement(id, port.protocol, std::get<std::string>(port.port));
      } else {
        predicates_.release_refinement(id, port.protocol, std::get<std::string>(port.port));
      }
    }
  }
}

void Compiler::write_local_pods(const std::set<PodId>& dirty) {
  std::set<PodId> pods = dirty;
  if (predicates_.take_numbers_changed()) {
    for (const auto& [id, local] : local_pods_) {
      if (local.uses_port_names) pods.insert(id);
    }
  }
  // All are withdrawn before any is written: an address may move from one pod to another.
  for (const PodId id : pods) withdraw(local_pods_.at(id));
  for (const PodId id : pods) write_local_pod(id);
}

void Compiler::withdraw(LocalPod& local) {
  for (const auto& key : local.permissions) result_.permissions.erase(key);
  for (const auto& address : local.addresses) result_.local.erase(address);
  local.permissions.clear();
  local.addresses.clear();
}

void Compiler::write_local_pod(PodId id) {
  const PodRecord& pod = inventory_.pod(id);
  if (!pod.exists || !pod.local) {
    local_pods_.erase(id);
    return;
  }
  LocalPod& local = local_pods_.at(id);
  local.isolated = {};
  local.uses_port_names = false;
  for (const PolicyId policy : local.policies) {
    const PolicyRecord& record = policies_.at(policy);
    local.isolated[index(Direction::ingress)] |= record.policy.isolates_ingress;
    local.isolated[index(Direction::egress)] |= record.policy.isolates_egress;
    local.uses_port_names |= std::any_of(record.policy.egress.begin(), record.policy.egress.end(), names_port);
  }
  for (const auto& address : pod) {
    const PodId* owner = inventory_.owner(address);
    if (owner == nullptr || *owner != id) continue;
    local.addresses.push_back(address);
    result_.local.set(address, {inventory_.pod_name(id), local.isolated[0], local.isolated[1]});
  }
  for (auto& [key, origins] : permissions_of(local, id)) {
    local.permissions.push_back(key);
    result_.permissions.set(key, std::move(origins));
  }
}

Compiler::Permissions Compiler::permissions_of(const LocalPod& local, PodId id) const {
  Permissions permissions;
  for (const PolicyId policy : local.policies) {
    const PolicyRecord& record = policies_.at(policy);
    for (const auto& rule : record.rules) {
      for (const auto& address : local.addresses) add_permissions(rule, record.name, id, address, permissions);
    }
  }
  // Ranges of one predicate, address and protocol may overlap, within a policy or between two.
  using RangeList = std::pair<PermissionKey, std::vector<PortRange>>;
  std::vector<RangeList> lists;
  for (const auto& [key, origins] : permissions) {
    if (key.kind != PortKind::ranges) continue;
    const PermissionKey list{key.predicate, key.local, key.kind, key.protocol, 0, 0};
    if (lists.empty() || lists.back().first != list) lists.push_back({list, {}});
    lists.back().second.push_back({key.first, key.last, origins});
  }
  std::erase_if(permissions, [](const auto& entry) { return entry.first.kind == PortKind::ranges; });
  for (auto& [key, ranges] : lists) {
    for (auto& range : join_ranges(std::move(ranges))) {
      permissions[{key.predicate, key.local, key.kind, key.protocol, range.first, range.last}] = range.origins;
    }
  }
  return permissions;
}

void Compiler::add_permissions(const ActiveRule& active, const std::string& origin, PodId pod, const IpAddress& address,
                               Permissions& permissions) const {
  const auto add = [&](PredicateId predicate, PortKind kind, std::uint8_t protocol, std::uint16_t first,
                       std::uint16_t last) {
    add_origin(permissions[{predicate, address, kind, protocol, first, last}], origin);
  };
  const auto add_port = [&](PredicateId predicate, const PortMatch& port) {
    const auto protocol = static_cast<std::uint8_t>(port.protocol);
    if (const auto* range = std::get_if<PortMatch::Range>(&port.port)) {
      return add(predicate, *kind_of(port, active.direction), protocol, range->first, range->last);
    }
    const auto* name = std::get_if<std::string>(&port.port);
    if (name == nullptr) return add(predicate, PortKind::protocols, protocol, 0, 0);
    if (active.direction == Direction::ingress) {
      const NamedPort* found = inventory_.pod(pod).find_port(port.protocol, *name);
      if (found != nullptr) add(predicate, PortKind::ports, protocol, found->number, found->number);
      return;
    }
    const Refinement* refinement = predicates_.find_refinement(predicate, port.protocol, *name);
    for (const auto& [number, refined] : refinement->numbers) add(refined, PortKind::ports, protocol, number, number);
  };
  for (const PredicateId predicate : active.predicates) {
    if (active.rule->any_port) add(predicate, PortKind::all, 0, 0, 0);
    for (const auto& port : active.rule->ports) add_port(predicate, port);
  }
}

void Compiler::write_node_state() {
  NodeState state;
  state.families = families_;
  for (const auto& entry : local_pods_) {
    state.any_isolated_ingress |= entry.second.isolated[index(Direction::ingress)];
    state.any_isolated_egress |= entry.second.isolated[index(Direction::egress)];
  }
  for (const Direction direction : kDirections) {
    const PredicateId anyone = predicates_.find({direction, Anyone{}, std::nullopt});
    result_.anyone[index(direction)] = anyone;
    if (anyone != 0) state.anyone_kinds[index(direction)] = predicates_.at(anyone).kinds();
  }
  result_.node.set(0, state);
}

}  // namespace selvage::policy
