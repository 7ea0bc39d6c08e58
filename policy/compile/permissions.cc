#include "policy/compile/permissions.h"

#include <utility>
#include <vector>

#include "policy/compile/port_ranges.h"

namespace selvage::policy {

void PermissionCollector::add(const PolicyRecord& record, const IpAddress& address) {
  for (const auto& rule : record.rules) {
    for (const PredicateId predicate : rule.predicates) {
      if (rewrite_.concerns(predicate)) add(rule, predicate, record.name, address);
    }
  }
}

void PermissionCollector::add(const ActiveRule& active, PredicateId predicate, const std::string& origin,
                              const IpAddress& address) {
  const PermissionKey all{predicate, address, PortKind::all, 0, 0, 0};
  for (const auto& term : active.rule->match.ports) {
    std::visit([&](const auto& port) { add_port(active.direction, port, all, origin); }, term);
  }
}

void PermissionCollector::add_port(Direction /*direction*/, const EveryProtocol& /*port*/, const PermissionKey& all,
                                   const std::string& origin) {
  add(all, origin);
}

void PermissionCollector::add_port(Direction direction, const PortMatch& port, PermissionKey key,
                                   const std::string& origin) {
  key.protocol = static_cast<std::uint8_t>(port.protocol);
  key.kind = PortKind::protocols;
  if (std::holds_alternative<std::string>(port.port)) return add_named(direction, port, key, origin);
  if (const auto* range = std::get_if<PortMatch::Range>(&port.port)) {
    key.kind = range->first == range->last ? PortKind::ports : PortKind::ranges;
    key.first = range->first;
    key.last = range->last;
  }
  add(key, origin);
}

/// The port's name means the pod's port of that name (ingress), or each peer's (egress): a predicate for each number.
void PermissionCollector::add_named(Direction direction, const PortMatch& port, PermissionKey key,
                                    const std::string& origin) {
  const auto& name = std::get<std::string>(port.port);
  key.kind = PortKind::ports;
  if (direction == Direction::ingress) {
    const NamedPort* found = pod_.find_port(port.protocol, name);
    if (found == nullptr) return;
    key.first = key.last = found->number;
    return add(key, origin);
  }
  for (const auto& [number, refined] :
       predicates_.find_named_port_predicate(key.predicate, port.protocol, name)->numbers) {
    PermissionKey by_number = key;
    by_number.predicate = refined;
    by_number.first = by_number.last = number;
    add(by_number, origin);
  }
}

void PermissionCollector::add(const PermissionKey& key, const std::string& origin) {
  add_origin(permissions_[key], origin);
}

/// Ranges of one predicate, address and protocol may overlap, within a policy or between two.
void PermissionCollector::join_overlapping() {
  using RangeList = std::pair<PermissionKey, std::vector<PortRange>>;
  std::vector<RangeList> lists;
  for (const auto& [key, origins] : permissions_) {
    if (key.kind != PortKind::ranges) continue;
    const PermissionKey list{key.predicate, key.local, key.kind, key.protocol, 0, 0};
    if (lists.empty() || lists.back().first != list) lists.push_back({list, {}});
    lists.back().second.push_back({key.first, key.last, origins});
  }
  std::erase_if(permissions_, [](const auto& entry) { return entry.first.kind == PortKind::ranges; });
  for (auto& [key, ranges] : lists) {
    for (auto& range : join_ranges(std::move(ranges))) {
      permissions_[{key.predicate, key.local, key.kind, key.protocol, range.first, range.last}] = range.origins;
    }
  }
}

Permissions PermissionCollector::take() {
  // Those by numbers of port names stay as they are, unless everything is rewritten.
  std::erase_if(permissions_, [&](const auto& entry) { return !rewrite_.concerns(entry.first.predicate); });
  join_overlapping();
  return std::move(permissions_);
}

}  // namespace selvage::policy
