#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/model.h"
#include "tests/support/reference_oracle.h"

/// Short words to write clusters, policies and packets by hand.
namespace selvage::testing {

/// Aborts the test when `text` is no address.
[[nodiscard]] IpAddress address(std::string_view text);

/// A namespace with its kubernetes.io/metadata.name beside `labels`.
[[nodiscard]] policy::Namespace namespace_of(std::string name, std::vector<policy::Labels::Pair> labels = {});
/// A running pod "namespace/name".
[[nodiscard]] policy::Pod pod(std::string_view id, policy::Labels labels, std::initializer_list<const char*> addresses,
                              std::string node, std::vector<policy::NamedPort> ports = {});

[[nodiscard]] policy::LabelRequirement is(std::string key, std::string value);
[[nodiscard]] policy::LabelRequirement one_of(std::string key, std::vector<std::string> values);
[[nodiscard]] policy::LabelRequirement none_of(std::string key, std::vector<std::string> values);
[[nodiscard]] policy::LabelRequirement has(std::string key);
[[nodiscard]] policy::LabelRequirement lacks(std::string key);
/// All of the requirements; none: everything.
[[nodiscard]] policy::LabelSelector where(std::vector<policy::LabelRequirement> requirements = {});

/// podSelector alone: pods of the policy's own namespace.
[[nodiscard]] policy::Peer pods(policy::LabelSelector selector);
/// namespaceSelector and podSelector in one peer.
[[nodiscard]] policy::Peer pods_in(policy::LabelSelector namespaces, policy::LabelSelector selector);
/// namespaceSelector alone.
[[nodiscard]] policy::Peer namespaces(policy::LabelSelector selector);
[[nodiscard]] policy::Peer block(std::string_view cidr, std::initializer_list<const char*> except = {});

[[nodiscard]] policy::PortMatch port(policy::Protocol protocol, std::uint16_t number);
[[nodiscard]] policy::PortMatch port_range(policy::Protocol protocol, std::uint16_t first, std::uint16_t last);
[[nodiscard]] policy::PortMatch port_name(policy::Protocol protocol, std::string name);
[[nodiscard]] policy::PortMatch all_ports(policy::Protocol protocol);

/// The rule `{}`.
[[nodiscard]] policy::Rule allow_all();
/// `ports` without `from` or `to`.
[[nodiscard]] policy::Rule allow_anyone(std::vector<policy::PortMatch> ports);
/// `from` or `to` without `ports`.
[[nodiscard]] policy::Rule allow(std::vector<policy::Peer> peers);
[[nodiscard]] policy::Rule allow(std::vector<policy::Peer> peers, std::vector<policy::PortMatch> ports);

/// policyTypes [Ingress]; `id` is "namespace/name".
[[nodiscard]] policy::NetworkPolicy ingress_policy(std::string_view id, policy::LabelSelector selector,
                                                   std::vector<policy::Rule> rules);
/// policyTypes [Egress].
[[nodiscard]] policy::NetworkPolicy egress_policy(std::string_view id, policy::LabelSelector selector,
                                                  std::vector<policy::Rule> rules);
/// policyTypes [Ingress, Egress].
[[nodiscard]] policy::NetworkPolicy both_policy(std::string_view id, policy::LabelSelector selector,
                                                std::vector<policy::Rule> ingress, std::vector<policy::Rule> egress);

[[nodiscard]] FirstPacket tcp(std::string_view from, std::string_view to, std::uint16_t port_number);
[[nodiscard]] FirstPacket udp(std::string_view from, std::string_view to, std::uint16_t port_number);
[[nodiscard]] FirstPacket sctp(std::string_view from, std::string_view to, std::uint16_t port_number);
/// An echo request of the addresses' family.
[[nodiscard]] FirstPacket ping(std::string_view from, std::string_view to);
/// A protocol without ports.
[[nodiscard]] FirstPacket esp(std::string_view from, std::string_view to);

}  // namespace selvage::testing
