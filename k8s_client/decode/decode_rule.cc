#include "k8s_client/decode/decode.h"
#include "k8s_client/decode/names.h"

namespace selvage::k8s_client {
namespace {

constexpr std::uint16_t kMaxPort = 65535;

using PortRange = policy::PortMatch::Range;

std::optional<PortRange> decode_range(const Field& port, const Field& end_port) {
  const auto first = port.number(1, kMaxPort);
  if (!first) return std::nullopt;
  if (end_port.absent()) return PortRange{*first, *first};
  const auto last = end_port.number(1, kMaxPort);
  if (!last) return std::nullopt;
  if (*last < *first) return end_port.complain("expected a number that is not below port");
  return PortRange{*first, *last};
}

std::optional<std::string> decode_port_name(const Field& port, const Field& end_port) {
  const auto name = port.text();
  if (!name) return std::nullopt;
  if (!is_port_name(*name)) {
    return port.complain(
        "expected a port number without quotes, or a port's name: at most 15 of a-z, 0-9 and '-', with a letter");
  }
  if (!end_port.absent()) return end_port.complain("endPort needs a port that is a number");
  return name;
}

}  // namespace

std::optional<policy::Protocol> decode_protocol(const Field& protocol) {
  const auto name = protocol.text_or("TCP");
  if (!name) return std::nullopt;
  for (const auto known : {policy::Protocol::tcp, policy::Protocol::udp, policy::Protocol::sctp}) {
    if (*name == policy::to_string(known)) return known;
  }
  return protocol.complain("expected TCP, UDP or SCTP");
}

std::optional<policy::PortMatch> decode_port(const Field& field) {
  if (field.absent()) return field.complain("expected protocol and port; leave the list out to mean every port");
  if (!field.has_only({"protocol", "port", "endPort"})) return std::nullopt;
  const auto protocol = decode_protocol(field["protocol"]);
  if (!protocol) return std::nullopt;
  const Field port = field["port"];
  const Field end_port = field["endPort"];
  if (port.absent()) {
    if (!end_port.absent()) return end_port.complain("endPort needs a port that is a number");
    return policy::PortMatch{*protocol, std::monostate{}};
  }
  if (port.is_number()) {
    const auto range = decode_range(port, end_port);
    if (!range) return std::nullopt;
    return policy::PortMatch{*protocol, *range};
  }
  auto name = decode_port_name(port, end_port);
  if (!name) return std::nullopt;
  return policy::PortMatch{*protocol, std::move(*name)};
}

std::optional<policy::Rule> decode_rule(const Field& rule, std::string_view peers_key) {
  if (rule.absent()) return rule.complain("expected a rule; write {} to allow everything");
  if (!rule.has_only({peers_key, "ports"})) return std::nullopt;
  auto peers = decode_list<policy::Peer>(rule[peers_key], decode_peer);
  auto ports = decode_list<policy::PortMatch>(rule["ports"], decode_port);
  if (!peers || !ports) return std::nullopt;
  const bool any_peer = peers->empty();
  const bool any_port = ports->empty();
  return policy::Rule{any_peer, std::move(*peers), any_port, std::move(*ports)};
}

}  // namespace selvage::k8s_client
