#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "policy/compile/node_policy.h"

/// Names of the sets and chains in our tables and their meaning, in both directions. No other code composes such a name
/// or reads a meaning out of one (docs/nftables.md is the contract for people).
namespace selvage::controller {

/// The purpose of a set. Fields that the kind does not use keep their defaults.
struct SetRole {
  enum class Kind : std::uint8_t {
    // One set.
    pod_bridges,          ///< names of the pod bridges
    cut,                  ///< ids of established connections that policy denies now
    fastpath_state,       ///< connection states whose packets take the fast path
    icmp_protocols,       ///< ICMP and ICMPv6
    neighbour_discovery,  ///< ICMPv6 types
    multicast_listener,   ///< ICMPv6 types
    multicast6,           ///< ff00::/8
    plain_frames,         ///< EtherTypes of untagged IP and ARP
    // One set for each family.
    local_pods,     ///< addresses of this node's pods
    fastpath_pods,  ///< those whose connections are all allowed
    self,           ///< pairs of one address: a pod that reaches itself through a Service
    // One set for each direction and family.
    isolated,  ///< addresses of pods that a policy isolates
    denied,    ///< the same, counting what was denied
    peers,     ///< map from pods' addresses to their classes
    cidrs,     ///< map from ranges of addresses to their classes
    // One set for each predicate, kind of port and family.
    permissions,  ///< local address and ports that peers which satisfy the predicate may use
  };
  Kind kind = Kind::pod_bridges;
  policy::Direction direction = policy::Direction::ingress;
  IpFamily family = IpFamily::v4;
  policy::PortKind ports = policy::PortKind::all;
  std::string predicate;  ///< policy::PredicateSets::name; of permissions only
  friend bool operator==(const SetRole&, const SetRole&) = default;
};

/// The purpose of a chain. Fields that the kind does not use keep their defaults.
struct ChainRole {
  enum class Kind : std::uint8_t {
    // One chain.
    forward,              ///< the base chain
    connections,          ///< packets of known connections
    fastpath,             ///< those on the fast path
    fastpath_from_pods,   ///< those of them that come from a pod
    replies,              ///< replies of known connections
    related_errors,       ///< ICMP errors that belong to a known connection
    link_packets,         ///< packets that belong to the link
    deny,                 ///< counts and drops what policy denies
    unknown_source,       ///< drops packets from unknown sources
    unknown_destination,  ///< drops packets to unknown destinations
    drop_cut,             ///< drops packets of connections that are cut
    layout,               ///< empty; its name carries the number of the layout
    // One chain for each direction.
    denied,  ///< counts for the local pod, logs, goes on to `deny`
    // One chain for each direction and family.
    entry,  ///< finds the class of a peer
    // One chain for each class.
    peer_class,  ///< what peers of the class may reach
  };
  Kind kind = Kind::forward;
  policy::Direction direction = policy::Direction::ingress;
  IpFamily family = IpFamily::v4;
  std::string detail;  ///< policy::ClassChain::name of a class; the number of a layout
  friend bool operator==(const ChainRole&, const ChainRole&) = default;
};

/// The name of the set or chain that has this role, and the role that a name stands for; none: no set or chain of this
/// layout is called so. `set_role(set_name(role)) == role`, and the same of chains.
/// @{
[[nodiscard]] std::string set_name(const SetRole& role);
[[nodiscard]] std::optional<SetRole> set_role(std::string_view name);
[[nodiscard]] std::string chain_name(const ChainRole& role);
[[nodiscard]] std::optional<ChainRole> chain_role(std::string_view name);
/// @}
/// Whether the name stands for a set, or chain, of this kind.
[[nodiscard]] bool is_set(std::string_view name, SetRole::Kind kind);
[[nodiscard]] bool is_chain(std::string_view name, ChainRole::Kind kind);

inline constexpr std::string_view kForward = "forward";
inline constexpr std::string_view kConnections = "connections";
inline constexpr std::string_view kFastpath = "fastpath";
inline constexpr std::string_view kFastpathFromPods = "fastpath-from-pods";
inline constexpr std::string_view kReplies = "replies";
inline constexpr std::string_view kRelatedErrors = "related-errors";
inline constexpr std::string_view kLinkPackets = "link-packets";
inline constexpr std::string_view kDeny = "deny";
inline constexpr std::string_view kUnknownSource = "unknown-source";
inline constexpr std::string_view kUnknownDestination = "unknown-destination";
inline constexpr std::string_view kDropCut = "drop-cut";
/// The layout of the tables that this program writes. The number is raised with each change to what docs/nftables.md
/// promises of them.
inline constexpr std::string_view kLayout = "layout-3";

inline constexpr std::string_view kPodBridges = "pod-bridges";
inline constexpr std::string_view kCut = "cut";
inline constexpr std::string_view kFastpathState = "fastpath-state";
inline constexpr std::string_view kIcmpProtocols = "icmp-protocols";
inline constexpr std::string_view kNeighbourDiscovery = "neighbour-discovery";
inline constexpr std::string_view kMulticastListener = "multicast-listener";
inline constexpr std::string_view kMulticast6 = "multicast6";
inline constexpr std::string_view kPlainFrames = "plain-frames";

/// The predicate of rules without peers, `SetRole::predicate`.
inline constexpr std::string_view kAnyone = "any";

/// "local-pods4", "fastpath-pods4", "self4", "ingress-isolated4", "ingress-denied4", "ingress-peer4", "ingress-cidr4",
/// "p-<hash>-in-ports4" or "any-out-all6".
[[nodiscard]] std::string local_pods_set(IpFamily family);
[[nodiscard]] std::string fastpath_pods_set(IpFamily family);
[[nodiscard]] std::string self_set(IpFamily family);
[[nodiscard]] std::string isolated_set(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string denied_set(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string peer_map(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string cidr_map(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string predicate_set(const std::string& predicate, policy::Direction direction,
                                        policy::PortKind kind, IpFamily family);
/// The names of all sets that hold exactly the isolated addresses: `isolated` and `denied`.
[[nodiscard]] std::vector<std::string> isolated_sets();

/// "ingress4", "k4-in-<hash>", "deny-in".
[[nodiscard]] std::string entry_chain(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string class_chain(const policy::ClassChain& chain);
/// The chain that class and entry chains of a direction end in.
[[nodiscard]] std::string deny_target(policy::Direction direction);

}  // namespace selvage::controller
