#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "nft/model/statements.h"
#include "policy/compile/node_policy.h"

/// Names and shapes of what stands in our tables (docs/nftables.md is the contract for people).
namespace selvage::controller {

inline const nft::TableKey kInetTable{nft::TableFamily::inet, "selvage"};
inline const nft::TableKey kBridgeTable{nft::TableFamily::bridge, "selvage"};
/// What staged policies would deny; there while there are any.
inline const nft::TableKey kStagedTable{nft::TableFamily::inet, "selvage-staged"};
/// What enforces policies for the moment in which the inet table is made anew (commit_steps.h).
inline const nft::TableKey kHandoverTable{nft::TableFamily::inet, "selvage-handover"};
/// All tables that are ours, there or not.
inline const std::array<nft::TableKey, 4> kOurTables = {kInetTable, kBridgeTable, kStagedTable, kHandoverTable};

/// The base chain of either table.
inline constexpr std::string_view kForward = "forward";
/// Where it sends packets of known connections, and these settled ones, replies and errors; and what belongs to a link.
inline constexpr std::string_view kConnections = "connections";
inline constexpr std::string_view kFastpath = "fastpath";
inline constexpr std::string_view kFastpathFromPods = "fastpath-from-pods";
inline constexpr std::string_view kReplies = "replies";
inline constexpr std::string_view kRelatedErrors = "related-errors";
inline constexpr std::string_view kLinkPackets = "link-packets";
/// The chains that count and drop: what policy denies, what comes from and goes to unknown addresses, cut connections.
inline constexpr std::string_view kDeny = "deny";
inline constexpr std::string_view kUnknownSource = "unknown-source";
inline constexpr std::string_view kUnknownDestination = "unknown-destination";
inline constexpr std::string_view kDropCut = "drop-cut";

/// An empty chain of the inet table whose name says what layout the tables have. The number is raised with each change
/// to what docs/nftables.md promises of them.
inline constexpr std::string_view kLayout = "layout-3";

inline constexpr std::string_view kPodBridges = "pod-bridges";
inline constexpr std::string_view kCut = "cut";
inline constexpr std::string_view kFastpathState = "fastpath-state";
inline constexpr std::string_view kIcmpProtocols = "icmp-protocols";
inline constexpr std::string_view kNeighbourDiscovery = "neighbour-discovery";
inline constexpr std::string_view kMulticastListener = "multicast-listener";
inline constexpr std::string_view kMulticast6 = "multicast6";
inline constexpr std::string_view kPlainFrames = "plain-frames";

/// "4" or "6": what names of sets and chains of one family end in.
[[nodiscard]] std::string_view suffix(IpFamily family);
/// "ingress" or "egress".
[[nodiscard]] std::string to_string(policy::Direction direction);

/// "local-pods4", "fastpath-pods4", "self4", "ingress-isolated4", "ingress-denied4", "ingress-peer4", "ingress-cidr4",
/// "ingress4".
[[nodiscard]] std::string local_pods_set(IpFamily family);
[[nodiscard]] std::string fastpath_pods_set(IpFamily family);
[[nodiscard]] std::string self_set(IpFamily family);
[[nodiscard]] std::string isolated_set(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string denied_set(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string peer_map(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string cidr_map(policy::Direction direction, IpFamily family);
[[nodiscard]] std::string entry_chain(policy::Direction direction, IpFamily family);

/// What tables that were read say of their layout, where it is not `kLayout`: the names of their layout chains, or
/// "no layout" where there is none. Nothing: they have this layout, or are not there.
[[nodiscard]] std::optional<std::string> other_layout(const nft::Ruleset& have);

/// The names of all sets that hold exactly the isolated addresses: those that lead to judgement, and those that count
/// what it denied.
[[nodiscard]] std::vector<std::string> isolated_sets();

/// Addresses of one family that are on the fast path at most; a Linux bridge has 1,024 ports. A set of a fixed size
/// costs a packet a third less than one that grows, and refuses what is beyond it.
inline constexpr std::uint32_t kMaxFastpathPods = 4096;

/// What a set of addresses is (`fields` of them in a key), a set that counts by address, and a map from addresses or
/// ranges of them to verdicts.
[[nodiscard]] nft::SetSpec address_set_spec(IpFamily family, std::size_t fields = 1);
/// What the sets `fastpath-pods4` and `fastpath-pods6` are, and `fastpath-state`: states of connections.
[[nodiscard]] nft::SetSpec fastpath_pods_spec(IpFamily family);
[[nodiscard]] nft::SetSpec fastpath_state_spec();
[[nodiscard]] nft::SetSpec denied_set_spec(IpFamily family);
[[nodiscard]] nft::SetSpec address_map_spec(IpFamily family, bool interval);

/// "p-<hash>-in-ports4", "any-out-all6".
[[nodiscard]] std::string predicate_set(const std::string& predicate, policy::Direction direction,
                                        policy::PortKind kind, IpFamily family);
/// "k4-in-<hash>".
[[nodiscard]] std::string class_chain(const policy::ClassChain& chain);

/// What a predicate's set is; `counters`: whether its elements count.
[[nodiscard]] nft::SetSpec predicate_set_spec(policy::PortKind kind, IpFamily family, const std::string& comment,
                                              bool counters);
/// An element of a predicate's set.
[[nodiscard]] nft::ElementKey permission_element(const policy::PermissionKey& key);

[[nodiscard]] nft::FieldType address_type(IpFamily family);
[[nodiscard]] nft::Selector source_selector(IpFamily family);
[[nodiscard]] nft::Selector destination_selector(IpFamily family);

}  // namespace selvage::controller
