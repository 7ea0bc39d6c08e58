#include "tests/support/random_values.h"

#include <algorithm>
#include <array>

namespace selvage::testing {
namespace {

constexpr std::array kNamespaces = {"red", "green", "blue", "grey"};
constexpr std::array kKeys = {"app", "tier", "env"};
constexpr std::array kValues = {"a", "b", "c"};
constexpr std::array kPortNames = {"web", "dns", "api"};
constexpr std::array<std::uint16_t, 14> kPorts = {80,   81,   82,   53, 8079,  8080,  8081,
                                                  8089, 8090, 8091, 1,  65534, 65535, 9000};
constexpr std::array<std::array<const char*, 2>, 8> kBases = {
    {{"10.244.0.0", "fd00:244::"},
     {"10.244.0.8", "fd00:244::8"},
     {"10.244.0.15", "fd00:244::f"},
     {"10.244.0.16", "fd00:244::10"},
     {"172.16.3.4", "2001:db8::34"},
     {"0.0.0.0", "::"},
     {"255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
     {"128.0.0.0", "8000::"}}};
constexpr std::array kV4Lengths = {0U, 1U, 8U, 24U, 28U, 29U, 30U, 31U, 32U};
constexpr std::array kV6Lengths = {0U, 1U, 64U, 120U, 124U, 125U, 126U, 127U, 128U};

IpAddress address_of(const char* text) { return IpAddress::parse(text).value(); }

/// `base` with its last four bits replaced.
IpAddress with_low_bits(const IpAddress& base, std::uint8_t bits) {
  std::string bytes = base.key();
  bytes.back() = static_cast<char>((static_cast<std::uint8_t>(bytes.back()) & 0xf0) | (bits & 0x0f));
  return IpAddress::from_bytes(base.family(), bytes.data());
}

policy::LabelRequirement random_requirement(Random& random) {
  using Operator = policy::LabelRequirement::Operator;
  static constexpr std::array kOperators = {Operator::in,     Operator::in,     Operator::in,
                                            Operator::not_in, Operator::exists, Operator::does_not_exist};
  policy::LabelRequirement requirement{pick(random, kKeys), pick(random, kOperators), {}};
  const bool lists = requirement.op == Operator::in || requirement.op == Operator::not_in;
  for (std::size_t n = lists ? 1 + below(random, 2) : 0; n > 0; --n) {
    requirement.values.emplace_back(pick(random, kValues));
  }
  return requirement;
}

/// An except must lie in its block: any longer prefix of an address inside.
IpPrefix random_except(Random& random, const IpPrefix& cidr) {
  const unsigned bits = static_cast<unsigned>(cidr.first().size()) * 8;
  const auto& lengths = cidr.family() == IpFamily::v4 ? kV4Lengths : kV6Lengths;
  IpAddress inside = random_address(random, cidr.family());
  for (int tries = 0; tries < 8 && !cidr.contains(inside); ++tries) inside = random_address(random, cidr.family());
  if (!cidr.contains(inside)) inside = chance(random, 50) ? cidr.first() : cidr.last();
  const unsigned length = std::max(pick(random, lengths), std::min(bits, cidr.length() + 1));
  return {inside, length};
}

policy::Peer random_peer(Random& random) {
  if (chance(random, 40)) return random_block(random);
  policy::PodPeer peer;
  if (chance(random, 60)) peer.namespace_selector = random_selector(random);
  if (!peer.namespace_selector || chance(random, 50)) peer.pod_selector = random_selector(random);
  return peer;
}

policy::PortMatch random_port_match(Random& random) {
  policy::PortMatch match;
  match.protocol = random_protocol(random);
  switch (below(random, 6)) {
    case 0:
      break;
    case 1:
    case 2:
      match.port = std::string(chance(random, 10) ? "nobody" : pick(random, kPortNames));
      break;
    case 3: {
      const auto [first, last] = std::minmax({random_port_number(random), random_port_number(random)});
      match.port = policy::PortMatch::Range{first, last};
      break;
    }
    default: {
      const auto number = random_port_number(random);
      match.port = policy::PortMatch::Range{number, number};
    }
  }
  return match;
}

policy::Rule random_rule(Random& random) {
  policy::Rule rule;
  rule.any_peer = chance(random, 25);
  rule.any_port = chance(random, 25);
  if (!rule.any_peer) {
    for (std::size_t n = chance(random, 5) ? 0 : 1 + below(random, 3); n > 0; --n) {
      rule.peers.push_back(random_peer(random));
    }
  }
  if (!rule.any_port) {
    for (std::size_t n = chance(random, 5) ? 0 : 1 + below(random, 3); n > 0; --n) {
      rule.ports.push_back(random_port_match(random));
    }
  }
  return rule;
}

std::vector<policy::Rule> random_rules(Random& random) {
  std::vector<policy::Rule> rules;
  for (std::size_t n = below(random, 4); n > 0; --n) rules.push_back(random_rule(random));
  return rules;
}

}  // namespace

std::string random_namespace_name(Random& random) { return pick(random, kNamespaces); }

policy::Labels random_labels(Random& random) {
  std::vector<policy::Labels::Pair> pairs;
  for (const char* key : kKeys) {
    if (chance(random, 60)) pairs.emplace_back(key, pick(random, kValues));
  }
  return policy::Labels(std::move(pairs));
}

policy::LabelSelector random_selector(Random& random) {
  policy::LabelSelector selector;
  static constexpr std::array<std::size_t, 6> kCounts = {0, 0, 1, 1, 1, 2};
  for (std::size_t n = pick(random, kCounts); n > 0; --n) selector.requirements.push_back(random_requirement(random));
  selector.normalize();
  return selector;
}

policy::Protocol random_protocol(Random& random) {
  using policy::Protocol;
  static constexpr std::array kProtocols = {Protocol::tcp, Protocol::tcp, Protocol::udp, Protocol::sctp};
  return pick(random, kProtocols);
}

std::uint16_t random_port_number(Random& random) { return pick(random, kPorts); }

std::vector<policy::NamedPort> random_named_ports(Random& random) {
  std::vector<policy::NamedPort> ports;
  for (std::size_t n = below(random, 4); n > 0; --n) {
    ports.push_back({pick(random, kPortNames), random_protocol(random), random_port_number(random)});
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

IpAddress random_pod_address(Random& random, IpFamily family) {
  const IpAddress base = address_of(kBases[0][family == IpFamily::v4 ? 0 : 1]);
  return with_low_bits(base, static_cast<std::uint8_t>(1 + below(random, 12)));
}

IpAddress random_address(Random& random, IpFamily family) {
  if (chance(random, 40)) return random_pod_address(random, family);
  const IpAddress base = address_of(pick(random, kBases)[family == IpFamily::v4 ? 0 : 1]);
  return chance(random, 50) ? base : with_low_bits(base, static_cast<std::uint8_t>(below(random, 16)));
}

policy::IpBlock random_block(Random& random) {
  const IpFamily family = chance(random, 60) ? IpFamily::v4 : IpFamily::v6;
  const auto& lengths = family == IpFamily::v4 ? kV4Lengths : kV6Lengths;
  policy::IpBlock block{IpPrefix{random_address(random, family), pick(random, lengths)}, {}};
  for (std::size_t n = chance(random, 50) ? 1 + below(random, 3) : 0; n > 0; --n) {
    block.except.push_back(random_except(random, block.cidr));
  }
  return block;
}

policy::Namespace random_namespace(Random& random, std::string name) {
  auto pairs = random_labels(random).pairs();
  pairs.emplace_back("kubernetes.io/metadata.name", name);
  return {std::move(name), policy::Labels(std::move(pairs))};
}

policy::Pod random_pod(Random& random, std::string namespace_name, std::string name) {
  policy::Pod pod;
  pod.namespace_name = std::move(namespace_name);
  pod.name = std::move(name);
  pod.uid = "uid-" + std::to_string(below(random, 1000000));
  static constexpr std::array kNodes = {kNode, kNode, kNode, "node-b", "node-b", ""};
  pod.node = pick(random, kNodes);
  pod.labels = random_labels(random);
  if (chance(random, 80)) pod.addresses.push_back(random_pod_address(random, IpFamily::v4));
  if (chance(random, 50)) pod.addresses.push_back(random_pod_address(random, IpFamily::v6));
  pod.host_network = chance(random, 8);
  pod.finished = chance(random, 10);
  pod.created = static_cast<std::int64_t>(below(random, 4));
  pod.ports = random_named_ports(random);
  return pod;
}

policy::NetworkPolicy random_policy(Random& random, std::string namespace_name, std::string name) {
  policy::NetworkPolicy policy;
  policy.namespace_name = std::move(namespace_name);
  policy.name = std::move(name);
  policy.pod_selector = random_selector(random);
  policy.isolates_ingress = chance(random, 70);
  policy.isolates_egress = chance(random, 60);
  // The API keeps rules of a direction that policyTypes omits; they must have no effect.
  policy.ingress = random_rules(random);
  policy.egress = random_rules(random);
  return policy;
}

}  // namespace selvage::testing
