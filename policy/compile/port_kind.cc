#include "policy/compile/port_kind.h"

#include <algorithm>

namespace selvage::policy {
namespace {

bool is_name(const PortTerm& term) {
  const auto* port = std::get_if<PortMatch>(&term);
  return port != nullptr && std::holds_alternative<std::string>(port->port);
}

}  // namespace

std::optional<PortKind> kind_of(const PortTerm& term, Direction direction) {
  const auto* port = std::get_if<PortMatch>(&term);
  if (port == nullptr) return PortKind::all;
  if (std::holds_alternative<std::monostate>(port->port)) return PortKind::protocols;
  if (const auto* range = std::get_if<PortMatch::Range>(&port->port)) {
    return range->first == range->last ? PortKind::ports : PortKind::ranges;
  }
  if (direction == Direction::ingress) return PortKind::ports;
  return std::nullopt;
}

bool names_port(const PolicyRule& rule) { return std::ranges::any_of(rule.match.ports, is_name); }

}  // namespace selvage::policy
