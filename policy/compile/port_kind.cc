#include "policy/compile/port_kind.h"

#include <algorithm>

namespace selvage::policy {
namespace {

bool is_name(const PortTerm& term) {
  const auto* port = std::get_if<PortMatch>(&term);
  return port != nullptr && std::holds_alternative<std::string>(port->port);
}

struct KindOf {
  Direction direction;

  std::optional<PortKind> operator()(const EveryProtocol& /*term*/) const { return PortKind::all; }
  std::optional<PortKind> operator()(const PortMatch& term) const {
    if (std::holds_alternative<std::monostate>(term.port)) return PortKind::protocols;
    if (const auto* range = std::get_if<PortMatch::Range>(&term.port)) {
      return range->first == range->last ? PortKind::ports : PortKind::ranges;
    }
    if (direction == Direction::ingress) return PortKind::ports;
    return std::nullopt;
  }
};

}  // namespace

std::optional<PortKind> kind_of(const PortTerm& term, Direction direction) {
  return std::visit(KindOf{direction}, term);
}

bool names_port(const PolicyRule& rule) { return std::ranges::any_of(rule.match.ports, is_name); }

}  // namespace selvage::policy
