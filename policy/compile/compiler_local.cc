#include <algorithm>
#include <iterator>

#include "policy/compile/compiler.h"
#include "policy/compile/port_ranges.h"

namespace selvage::policy {
namespace {

/// Which kind of set the permission of `port` is in. An egress rule's port name belongs to the
/// named_port_predicates of its predicates, not to the predicates themselves.
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
        predicates_.acquire_named_port_predicate(id, port.protocol, std::get<std::string>(port.port));
      } else {
        predicates_.release_named_port_predicate(id, port.protocol, std::get<std::string>(port.port));
      }
    }
  }
}

/// What a policy in force contributes to a pod that it selects.
Compiler::Rewrite Compiler::rewrite_for(const PolicyRecord& record) {
  Rewrite rewrite;
  for (const auto& active : record.rules) {
    // Permissions are then by predicates that the numbers of names make.
    if (active.direction == Direction::egress && names_port(*active.rule)) rewrite.whole = true;
    rewrite.predicates.insert(active.predicates.begin(), active.predicates.end());
  }
  return rewrite;
}

void Compiler::write_local_pods(Rewrites rewrites) {
  if (predicates_.take_numbers_changed()) {
    for (const auto& [id, local] : local_pods_) {
      if (local.uses_port_names) rewrites[id].whole = true;
    }
  }
  // All are withdrawn before any is written: an address may move from one pod to another.
  for (const auto& [id, rewrite] : rewrites) withdraw(local_pods_.at(id), rewrite);
  for (const auto& [id, rewrite] : rewrites) write_local_pod(id, rewrite);
}

void Compiler::withdraw(LocalPod& local, const Rewrite& rewrite) {
  counts(local, -1);
  local.isolated = {};
  std::erase_if(local.permissions, [&](const PermissionKey& key) {
    if (!rewrite.concerns(key.predicate)) return false;
    result_.permissions.erase(key);
    return true;
  });
  if (!rewrite.whole) return;
  for (const auto& address : local.addresses) result_.local.erase(address);
  local.addresses.clear();
}

/// Counts what was written for a pod, or no longer does.
void Compiler::counts(const LocalPod& local, int delta) {
  const auto step = static_cast<std::size_t>(delta);
  for (const Direction direction : kDirections) {
    if (local.isolated[index(direction)]) counts_.isolated[index(direction)] += step;
  }
  for (const auto& key : local.permissions) counts_.permissions[static_cast<std::size_t>(key.kind)] += step;
}

void Compiler::write_local_pod(PodId id, const Rewrite& rewrite) {
  const PodRecord& pod = inventory_.pod(id);
  if (!pod.exists || !pod.local) {
    local_pods_.erase(id);
    return;
  }
  LocalPod& local = local_pods_.at(id);
  local.uses_port_names = false;
  for (const PolicyId policy : local.policies) {
    const PolicyRecord& record = policies_.at(policy);
    local.isolated[index(Direction::ingress)] |= record.policy.isolates_ingress;
    local.isolated[index(Direction::egress)] |= record.policy.isolates_egress;
    local.uses_port_names |= std::any_of(record.policy.egress.begin(), record.policy.egress.end(), names_port);
  }
  if (rewrite.whole) {
    std::copy_if(pod.begin(), pod.end(), std::back_inserter(local.addresses), [&](const IpAddress& address) {
      const PodId* owner = inventory_.owner(address);
      return owner != nullptr && *owner == id;
    });
  }
  for (const auto& address : local.addresses) {
    result_.local.set(address, {inventory_.pod_name(id), local.isolated[0], local.isolated[1]});
  }
  for (auto& [key, origins] : permissions_of(local, id, rewrite)) {
    local.permissions.push_back(key);
    result_.permissions.set(key, std::move(origins));
  }
  counts(local, 1);
}

Compiler::Permissions Compiler::permissions_of(const LocalPod& local, PodId id, const Rewrite& rewrite) const {
  Permissions permissions;
  for (const PolicyId policy : local.policies) {
    for (const auto& address : local.addresses) {
      add_permissions(policies_.at(policy), id, address, rewrite, permissions);
    }
  }
  // Those by numbers of port names stay as they are, unless all is written anew.
  std::erase_if(permissions, [&](const auto& entry) { return !rewrite.concerns(entry.first.predicate); });
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

void Compiler::add_permissions(const PolicyRecord& record, PodId pod, const IpAddress& address, const Rewrite& rewrite,
                               Permissions& permissions) const {
  for (const auto& rule : record.rules) {
    for (const PredicateId predicate : rule.predicates) {
      if (rewrite.concerns(predicate)) add_permissions(rule, predicate, record.name, pod, address, permissions);
    }
  }
}

void Compiler::add_permissions(const ActiveRule& active, PredicateId predicate, const std::string& origin, PodId pod,
                               const IpAddress& address, Permissions& permissions) const {
  const auto add = [&](PredicateId id, PortKind kind, std::uint8_t protocol, std::uint16_t first, std::uint16_t last) {
    add_origin(permissions[{id, address, kind, protocol, first, last}], origin);
  };
  const auto add_port = [&](const PortMatch& port) {
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
    const NamedPortPredicate* named_port_predicate =
        predicates_.find_named_port_predicate(predicate, port.protocol, *name);
    for (const auto& [number, refined] : named_port_predicate->numbers)
      add(refined, PortKind::ports, protocol, number, number);
  };
  if (active.rule->any_port) add(predicate, PortKind::all, 0, 0, 0);
  for (const auto& port : active.rule->ports) add_port(port);
}

void Compiler::write_node_state() {
  NodeState state;
  state.families = families_;
  state.any_isolated_ingress = counts_.isolated[index(Direction::ingress)] > 0;
  state.any_isolated_egress = counts_.isolated[index(Direction::egress)] > 0;
  for (const Direction direction : kDirections) {
    const PredicateId anyone = predicates_.anyone(direction);
    result_.anyone[index(direction)] = anyone;
    if (anyone != 0) state.anyone_kinds[index(direction)] = predicates_.at(anyone).kinds();
  }
  result_.node.set(0, state);
}

}  // namespace selvage::policy
