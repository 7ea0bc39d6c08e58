#include "tests/support/case_objects.h"

#include <algorithm>

namespace selvage::testing {
namespace {

using policy::LabelRequirement;
using policy::LabelSelector;
using policy::NetworkPolicy;
using policy::Peer;
using policy::PortMatch;
using policy::Protocol;
using policy::Rule;

std::pair<std::string, std::string> split(std::string_view id) {
  const auto slash = id.find('/');
  return {std::string(id.substr(0, slash)), std::string(id.substr(slash + 1))};
}

NetworkPolicy policy_on(std::string_view id, LabelSelector selector) {
  NetworkPolicy result;
  std::tie(result.namespace_name, result.name) = split(id);
  result.pod_selector = std::move(selector);
  return result;
}

FirstPacket packet(std::string_view from, std::string_view to, std::uint8_t protocol,
                   std::optional<std::uint16_t> number) {
  return {address(from), address(to), protocol, number};
}

}  // namespace

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

policy::Namespace namespace_of(std::string name, std::vector<policy::Labels::Pair> labels) {
  labels.emplace_back("kubernetes.io/metadata.name", name);
  return {std::move(name), policy::Labels(std::move(labels))};
}

policy::Pod pod(std::string_view id, policy::Labels labels, std::initializer_list<const char*> addresses,
                std::string node, std::vector<policy::NamedPort> ports) {
  policy::Pod result;
  std::tie(result.namespace_name, result.name) = split(id);
  result.uid = "uid-" + std::string(id);
  result.node = std::move(node);
  result.labels = std::move(labels);
  for (const char* text : addresses) result.addresses.push_back(address(text));
  result.ports = std::move(ports);
  std::sort(result.ports.begin(), result.ports.end());
  return result;
}

LabelRequirement is(std::string key, std::string value) { return one_of(std::move(key), {std::move(value)}); }

LabelRequirement one_of(std::string key, std::vector<std::string> values) {
  return {std::move(key), LabelRequirement::Operator::in, std::move(values)};
}

LabelRequirement none_of(std::string key, std::vector<std::string> values) {
  return {std::move(key), LabelRequirement::Operator::not_in, std::move(values)};
}

LabelRequirement has(std::string key) { return {std::move(key), LabelRequirement::Operator::exists, {}}; }

LabelRequirement lacks(std::string key) { return {std::move(key), LabelRequirement::Operator::does_not_exist, {}}; }

LabelSelector where(std::vector<LabelRequirement> requirements) {
  LabelSelector selector{std::move(requirements)};
  selector.normalize();
  return selector;
}

Peer pods(LabelSelector selector) { return policy::PodPeer{std::nullopt, std::move(selector)}; }

Peer pods_in(LabelSelector namespace_selector, LabelSelector selector) {
  return policy::PodPeer{std::move(namespace_selector), std::move(selector)};
}

Peer namespaces(LabelSelector selector) { return policy::PodPeer{std::move(selector), {}}; }

Peer block(std::string_view cidr, std::initializer_list<const char*> except) {
  policy::IpBlock result{IpPrefix::parse(cidr).value(), {}};
  for (const char* text : except) result.except.push_back(IpPrefix::parse(text).value());
  return result;
}

PortMatch port(Protocol protocol, std::uint16_t number) { return port_range(protocol, number, number); }

PortMatch port_range(Protocol protocol, std::uint16_t first, std::uint16_t last) {
  return {protocol, PortMatch::Range{first, last}};
}

PortMatch port_name(Protocol protocol, std::string name) { return {protocol, std::move(name)}; }

PortMatch all_ports(Protocol protocol) { return {protocol, std::monostate{}}; }

Rule allow_all() { return {true, {}, true, {}}; }

Rule allow_anyone(std::vector<PortMatch> ports) { return {true, {}, false, std::move(ports)}; }

Rule allow(std::vector<Peer> peers) { return {false, std::move(peers), true, {}}; }

Rule allow(std::vector<Peer> peers, std::vector<PortMatch> ports) {
  return {false, std::move(peers), false, std::move(ports)};
}

NetworkPolicy ingress_policy(std::string_view id, LabelSelector selector, std::vector<Rule> rules) {
  NetworkPolicy result = policy_on(id, std::move(selector));
  result.isolates_ingress = true;
  result.ingress = std::move(rules);
  return result;
}

NetworkPolicy egress_policy(std::string_view id, LabelSelector selector, std::vector<Rule> rules) {
  NetworkPolicy result = policy_on(id, std::move(selector));
  result.isolates_egress = true;
  result.egress = std::move(rules);
  return result;
}

NetworkPolicy both_policy(std::string_view id, LabelSelector selector, std::vector<Rule> ingress,
                          std::vector<Rule> egress) {
  NetworkPolicy result = ingress_policy(id, std::move(selector), std::move(ingress));
  result.isolates_egress = true;
  result.egress = std::move(egress);
  return result;
}

FirstPacket tcp(std::string_view from, std::string_view to, std::uint16_t number) {
  return packet(from, to, 6, number);
}

FirstPacket udp(std::string_view from, std::string_view to, std::uint16_t number) {
  return packet(from, to, 17, number);
}

FirstPacket sctp(std::string_view from, std::string_view to, std::uint16_t number) {
  return packet(from, to, 132, number);
}

FirstPacket ping(std::string_view from, std::string_view to) {
  const std::uint8_t icmp = address(from).family() == IpFamily::v4 ? 1 : 58;
  return packet(from, to, icmp, std::nullopt);
}

FirstPacket esp(std::string_view from, std::string_view to) { return packet(from, to, 50, std::nullopt); }

}  // namespace selvage::testing
