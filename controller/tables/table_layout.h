#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "controller/tables/set_role.h"
#include "nft/model/statements.h"
#include "policy/compile/node_policy.h"

/// The tables that are ours, and types of the sets in them (docs/nftables.md is the contract for people).
namespace selvage::controller {

inline const nft::TableKey kInetTable{nft::TableFamily::inet, "selvage"};
inline const nft::TableKey kBridgeTable{nft::TableFamily::bridge, "selvage"};
/// What staged policies would deny; there while there are any.
inline const nft::TableKey kStagedTable{nft::TableFamily::inet, "selvage-staged"};
/// All tables that are ours, there or not.
inline const std::array<nft::TableKey, 3> kOurTables = {kInetTable, kBridgeTable, kStagedTable};

/// What tables that were read say of their layout, where it is not `kLayout`: the names of their layout chains, or
/// "no layout" where there is none. Nothing: they have this layout, or are not there.
[[nodiscard]] std::optional<std::string> other_layout(const nft::Ruleset& have);

/// `want` with the elements of the fast path's sets that `have` holds: readings of the connection table keep them, and
/// no policy.
[[nodiscard]] nft::Ruleset with_fast_path_of(nft::Ruleset want, const nft::Ruleset& have);

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

/// What a predicate's set is; `counters`: whether its elements count.
[[nodiscard]] nft::SetSpec predicate_set_spec(policy::PortKind kind, IpFamily family, const std::string& comment,
                                              bool counters);
/// An element of a predicate's set.
[[nodiscard]] nft::ElementKey permission_element(const policy::PermissionKey& key);

[[nodiscard]] nft::FieldType address_type(IpFamily family);
[[nodiscard]] nft::Selector source_selector(IpFamily family);
[[nodiscard]] nft::Selector destination_selector(IpFamily family);

}  // namespace selvage::controller
