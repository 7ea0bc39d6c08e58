#include "controller/tables/chains.h"

#include <algorithm>
#include <array>

#include "base/ip_protocol.h"
#include "controller/tables/deny_chains.h"
#include "controller/tables/unknown_endpoints.h"

namespace selvage::controller {
namespace {

using nft::RuleBuilder;
using nft::Selector;
using policy::Direction;
using policy::PortKind;

/// Staged policies come after the enforced ones, so they do not see packets that these drop.
constexpr std::int32_t kAfterFilter = 1;
constexpr unsigned kIpv4 = 0x0800;  // ETH_P_IP, linux/if_ether.h
constexpr unsigned kArp = 0x0806;
constexpr unsigned kIpv6 = 0x86dd;
constexpr std::int32_t kBridgeFilter = -200;  // NF_BR_PRI_FILTER_BRIDGED, linux/netfilter_bridge.h
constexpr std::chrono::hours kCutTimeout{1};
constexpr std::uint32_t kCutSize = 1U << 20U;  // more than a node's connection table holds by default

std::string name(std::string_view text) { return std::string(text); }
std::string byte(unsigned value) { return {static_cast<char>(value)}; }
std::string big_endian16(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)}; }

nft::Set plain_set(nft::FieldType type, const std::vector<std::string>& keys) {
  nft::Set set;
  set.spec.key = {type};
  for (const auto& key : keys) set.elements[{key, {}}] = {};
  return set;
}

nft::Set bridge_names(const RenderOptions& options) {
  std::vector<std::string> padded = options.pod_bridges;
  for (auto& bridge : padded) bridge.resize(16, '\0');
  return plain_set(nft::FieldType::ifname, padded);
}

void add_egress_rules(std::vector<nft::Rule>& rules) {
  for (const IpFamily family : policy::kFamilies) {
    // ip saddr @egress-isolated4 jump egress4
    rules.push_back(RuleBuilder()
                        .in({source_selector(family)}, isolated_set(Direction::egress, family))
                        .jump(entry_chain(Direction::egress, family)));
  }
}

/// Packets that return are accepted: an isolated destination is a known pod, so no unknown endpoint.
void add_ingress_rules(std::vector<nft::Rule>& rules) {
  for (const IpFamily family : policy::kFamilies) {
    // ip daddr @ingress-isolated4 goto ingress4
    rules.push_back(RuleBuilder()
                        .in({destination_selector(family)}, isolated_set(Direction::ingress, family))
                        .go_to(entry_chain(Direction::ingress, family)));
  }
}

/// Adds rules that let a local address pass that is in one of the predicate's sets.
void add_predicate_rules(std::vector<nft::Rule>& rules, const std::string& predicate, policy::PortKinds kinds,
                         Direction direction, IpFamily family) {
  for (const PortKind kind : policy::kPortKinds) {
    if ((kinds & policy::bit(kind)) == 0) continue;
    rules.push_back(permission_rule({SetRole::Kind::permissions, direction, family, kind, predicate}));
  }
}

/// Returns for addresses of this node's pods, drops all others.
nft::Chain unknown_endpoint_chain(Selector v4, Selector v6, std::string comment) {
  nft::Chain chain = drop_chain(std::move(comment));
  // ip saddr @local-pods4 return
  // ip6 saddr @local-pods6 return
  chain.rules.insert(chain.rules.begin(), {RuleBuilder().in({v4}, local_pods_set(IpFamily::v4)).returns(),
                                           RuleBuilder().in({v6}, local_pods_set(IpFamily::v6)).returns()});
  return chain;
}

void add_family_sets(nft::Table& table, IpFamily family) {
  table.sets[local_pods_set(family)].spec = address_set_spec(family);
  table.sets[self_set(family)].spec = address_set_spec(family, 2);
  for (const Direction direction : policy::kDirections) {
    table.sets[isolated_set(direction, family)].spec = address_set_spec(family);
    table.sets[denied_set(direction, family)].spec = denied_set_spec(family);
    table.sets[peer_map(direction, family)].spec = address_map_spec(family, false);
    table.sets[cidr_map(direction, family)].spec = address_map_spec(family, true);
  }
}

/// ff00::/8.
nft::Set multicast_addresses() {
  nft::Set set = plain_set(nft::FieldType::ipv6_addr, {});
  set.spec.interval = true;
  set.elements[{std::string("\xff").append(15, '\0'), std::string(16, '\xff')}] = {};
  return set;
}

nft::Set cut_set() {
  nft::Set cut = plain_set(nft::FieldType::ct_id, {});
  cut.spec.timeout = kCutTimeout;
  cut.spec.size = kCutSize;
  cut.spec.comment = "established connections that policy denies now";
  return cut;
}

/// The parts that judge packets.
nft::Table policy_parts(const RenderOptions& options) {
  nft::Table table;
  table.comment = options.mode == policy::Mode::staged ? "what staged NetworkPolicy would deny, written by selvage"
                                                       : "NetworkPolicy, written by selvage";
  table.ownership = options.ownership;
  table.sets[name(kIcmpProtocols)] =
      plain_set(nft::FieldType::inet_proto, {byte(ip_protocol::kIcmp), byte(ip_protocol::kIcmpv6)});
  table.sets[name(kNeighbourDiscovery)] =
      plain_set(nft::FieldType::icmpv6_type, {byte(133), byte(134), byte(135), byte(136)});
  table.sets[name(kMulticastListener)] =
      plain_set(nft::FieldType::icmpv6_type, {byte(130), byte(131), byte(132), byte(143)});
  table.sets[name(kMulticast6)] = multicast_addresses();
  for (const IpFamily family : policy::kFamilies) add_family_sets(table, family);
  add_deny_chains(table, options);
  return table;
}

}  // namespace

const nft::TableKey& policy_table(const RenderOptions& options) {
  return options.mode == policy::Mode::staged ? kStagedTable : kInetTable;
}

nft::Chain forward_chain(const policy::NodeState& state, const RenderOptions& options) {
  nft::Chain chain;
  const bool staged = options.mode == policy::Mode::staged;
  chain.base = nft::BaseChain{staged ? kAfterFilter : 0};
  if (may_use_fast_path(options)) {
    // Most packets end here, after one rule. No such rule for IPv6: each rule here costs every packet.
    // ct state @fastpath-state ip saddr @fastpath-pods4 ip daddr @fastpath-pods4 accept
    RuleBuilder pods;
    pods.in({Selector::ct_state}, name(kFastpathState));
    chain.rules.push_back(between_fastpath_pods(pods, IpFamily::v4).accept());
  }
  // ct state established,related jump connections
  chain.rules.push_back(RuleBuilder().ct_state(kEstablished | kRelated).jump(name(kConnections)));
  // meta l4proto ipv6-icmp jump link-packets
  chain.rules.push_back(RuleBuilder().equals(Selector::l4proto, byte(ip_protocol::kIcmpv6)).jump(name(kLinkPackets)));
  if (!staged) add_unknown_endpoint_rule(chain.rules, Direction::egress, state, options);
  add_egress_rules(chain.rules);
  add_ingress_rules(chain.rules);
  if (!staged) add_unknown_endpoint_rule(chain.rules, Direction::ingress, state, options);
  return chain;
}

/// Neighbour discovery (RFC 4861: hop limit 255 proves that no router forwarded it) and multicast listener
/// discovery (RFC 2710, RFC 3810: hop limit 1, to a group) belong to the link, not to policy. A hop
/// limit of 1 alone proves nothing, since a routed packet has been decremented by now; but groups
/// are never routed between pods.
nft::Chain link_chain() {
  nft::Chain chain;
  chain.comment = "packets of the link, not of policy";
  // icmpv6 type @neighbour-discovery ip6 hoplimit 255 accept
  chain.rules.push_back(RuleBuilder()
                            .in({Selector::icmpv6_type}, name(kNeighbourDiscovery))
                            .equals(Selector::ip6_hoplimit, byte(255))
                            .accept());
  // icmpv6 type @multicast-listener ip6 hoplimit 1 ip6 daddr @multicast6 accept
  chain.rules.push_back(RuleBuilder()
                            .in({Selector::icmpv6_type}, name(kMulticastListener))
                            .equals(Selector::ip6_hoplimit, byte(1))
                            .in({Selector::ip6_daddr}, name(kMulticast6))
                            .accept());
  return chain;
}

nft::Chain bridge_chain(const policy::NodeState& state, const RenderOptions& options) {
  nft::Chain chain;
  chain.base = nft::BaseChain{kBridgeFilter};
  const bool closed = std::ranges::any_of(
      policy::kDirections, [&](Direction direction) { return drops_unknown(direction, state, options.unknown_pods); });
  if (!closed) return chain;
  // Nearly all frames end after one comparison.
  for (const unsigned type : {kIpv4, kIpv6}) {
    // ether type ip accept
    chain.rules.push_back(RuleBuilder().equals(Selector::ether_type, big_endian16(type)).accept());
  }
  // ether type != @plain-frames meta ibrname @pod-bridges counter drop
  // ether type != @plain-frames meta iifkind "veth" counter drop
  RuleBuilder rule;
  rule.not_in({Selector::ether_type}, name(kPlainFrames));
  if (options.bridge_match == BridgeMatch::bridge_name) {
    rule.in({Selector::ibrname}, name(kPodBridges));
  } else {
    rule.equals(Selector::iifkind, "veth");
  }
  chain.rules.push_back(rule.counter().drop());
  return chain;
}

nft::Chain entry_chain_of(Direction direction, IpFamily family, const policy::NodeState& state) {
  nft::Chain chain;
  if ((state.families & policy::bit(family)) != 0) {
    add_predicate_rules(chain.rules, std::string(kAnyone), state.anyone_kinds[policy::index(direction)], direction,
                        family);
  }
  const Selector peer = direction == Direction::ingress ? source_selector(family) : destination_selector(family);
  // ip saddr vmap @ingress-peer4
  chain.rules.push_back(RuleBuilder().vmap({peer}, peer_map(direction, family)).build());
  // ip saddr vmap @ingress-cidr4
  chain.rules.push_back(RuleBuilder().vmap({peer}, cidr_map(direction, family)).build());
  // goto deny-in
  chain.rules.push_back(RuleBuilder().go_to(deny_target(direction)));
  return chain;
}

nft::Chain class_chain_of(const policy::ClassChain& class_chain) {
  nft::Chain chain;
  chain.comment = class_chain.description;
  for (const auto& step : class_chain.steps) {
    add_predicate_rules(chain.rules, step.name, step.kinds, class_chain.direction, class_chain.family);
  }
  // goto deny-in
  chain.rules.push_back(RuleBuilder().go_to(deny_target(class_chain.direction)));
  return chain;
}

nft::Rule permission_rule(const SetRole& set) {
  const bool ingress = set.direction == Direction::ingress;
  std::vector<Selector> key = {ingress ? destination_selector(set.family) : source_selector(set.family)};
  if (set.ports != PortKind::all) key.push_back(Selector::l4proto);
  if (set.ports == PortKind::ports || set.ports == PortKind::ranges) key.push_back(Selector::th_dport);
  // ip daddr . meta l4proto . th dport @p-HASH-in-ports4 return
  return RuleBuilder().in(key, set_name(set)).returns();
}

nft::Ruleset fixed_parts(const RenderOptions& options) {
  nft::Table inet = policy_parts(options);
  if (options.mode == policy::Mode::staged) return {{kStagedTable, std::move(inet)}};
  inet.sets[name(kPodBridges)] = bridge_names(options);
  inet.sets[name(kCut)] = cut_set();
  inet.sets[name(kFastpathState)].spec = fastpath_state_spec();
  for (const IpFamily family : policy::kFamilies) {
    inet.sets[fastpath_pods_set(family)].spec = fastpath_pods_spec(family);
  }
  inet.chains[name(kLayout)].comment = "the layout of these tables";
  inet.chains[name(kDropCut)] = drop_chain("established connections that policy denies now");
  inet.chains[name(kUnknownSource)] =
      unknown_endpoint_chain(Selector::ip_saddr, Selector::ip6_saddr, "from no known pod of this node");
  inet.chains[name(kUnknownDestination)] =
      unknown_endpoint_chain(Selector::ip_daddr, Selector::ip6_daddr, "to no known pod of this node");

  nft::Table bridge;
  bridge.comment = inet.comment;
  bridge.ownership = inet.ownership;
  if (options.bridge_match == BridgeMatch::bridge_name) bridge.sets[name(kPodBridges)] = bridge_names(options);
  bridge.sets[name(kPlainFrames)] =
      plain_set(nft::FieldType::ether_type, {big_endian16(kIpv4), big_endian16(kArp), big_endian16(kIpv6)});
  return {{kInetTable, std::move(inet)}, {kBridgeTable, std::move(bridge)}};
}

}  // namespace selvage::controller
