#pragma once

#include <array>
#include <optional>
#include <set>
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
/// Counts what staged policies would deny; exists while there are staged policies.
inline const nft::TableKey kStagedTable{nft::TableFamily::inet, "selvage-staged"};
/// Enforces the policy while `kInetTable` is replaced; exists for that moment only.
inline const nft::TableKey kStandInTable{nft::TableFamily::inet, "selvage-stand-in"};
/// All our tables, whether they exist or not.
inline const std::array<nft::TableKey, 4> kOurTables = {kInetTable, kBridgeTable, kStagedTable, kStandInTable};

/// The layout of tables that were read, if it is not `kLayout`: the names of their layout chains, or "no layout"
/// without such a chain. None: they have this layout, or do not exist.
[[nodiscard]] std::optional<std::string> other_layout(const nft::Ruleset& have);

/// `want` with the elements that the fast path's sets have in `have`: they follow from readings of the connection
/// table, not from policy.
[[nodiscard]] nft::Ruleset with_fast_path_of(nft::Ruleset want, const nft::Ruleset& have);

/// Maximum number of addresses of one family on the fast path; a Linux bridge has 1,024 ports. A lookup in a set of
/// fixed size costs a third less than in one that grows; such a set refuses further elements.
inline constexpr std::uint32_t kMaxFastpathPods = 4096;

/// A set of addresses, with `fields` of them in a key.
[[nodiscard]] nft::SetSpec address_set_spec(IpFamily family, std::size_t fields = 1);
/// A set of addresses whose elements count.
[[nodiscard]] nft::SetSpec denied_set_spec(IpFamily family);
/// A map from addresses, or from ranges of them, to verdicts.
[[nodiscard]] nft::SetSpec address_map_spec(IpFamily family, bool interval);
/// The sets `fastpath-pods4` and `fastpath-pods6`, and `fastpath-state` with states of connections.
[[nodiscard]] nft::SetSpec fastpath_pods_spec(IpFamily family);
[[nodiscard]] nft::SetSpec fastpath_state_spec();

/// The set of a predicate; `counters`: whether its elements count.
[[nodiscard]] nft::SetSpec predicate_set_spec(policy::PortKind kind, IpFamily family, const std::string& comment,
                                              bool counters);
/// An element of a predicate's set.
[[nodiscard]] nft::ElementKey permission_element(const policy::PermissionKey& key);

/// Whether an element of a predicate's set is one value or a range of ports of one address and protocol, as
/// `permission_element` makes them.
[[nodiscard]] bool is_range_of_ports(const nft::ElementKey& key);
/// The parts of a range of ports, an element of a predicate's set, that none of the other ranges covers.
[[nodiscard]] std::vector<nft::ElementKey> uncovered_ports(const nft::ElementKey& range,
                                                           const std::set<nft::ElementKey>& others);

[[nodiscard]] nft::FieldType address_type(IpFamily family);
[[nodiscard]] nft::Selector source_selector(IpFamily family);
[[nodiscard]] nft::Selector destination_selector(IpFamily family);

}  // namespace selvage::controller
