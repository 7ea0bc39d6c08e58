#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/tables/table_layout.h"

namespace selvage::controller {

/// What happens on pod bridges to addresses that belong to no pod of this node (`--unknown-pods`).
enum class UnknownPods : std::uint8_t {
  automatic,  ///< dropped in a direction while a pod of the node is isolated in it
  allow,      ///< never dropped
  drop,       ///< always dropped
};

/// How the bridge table knows frames of pods.
enum class BridgeMatch : std::uint8_t {
  bridge_name,  ///< meta ibrname, exact; needs CONFIG_NFT_BRIDGE_META
  port_kind,    ///< meta iifkind "veth": every bridge's veth ports
};

/// What the tables depend on beside the policy.
struct RenderOptions {
  std::vector<std::string> pod_bridges = {"cni0"};  ///< sorted
  UnknownPods unknown_pods = UnknownPods::automatic;
  BridgeMatch bridge_match = BridgeMatch::bridge_name;
  /// The NFLOG group that denied packets are logged to, for each direction so many a second at most and so many at
  /// once; none: no rule logs.
  std::optional<std::uint16_t> log_group;
  std::uint32_t log_rate = 100;
  std::uint32_t log_burst = 200;
  /// Whether the elements that let packets pass count them: per CPU and element 16 bytes, and a write for each packet.
  bool policy_counters = false;
  nft::Ownership ownership = nft::Ownership::open;  ///< of all tables: open or owned
  /// Staged: one table, kStagedTable, that counts and logs what the policies would deny, and lets it pass.
  policy::Mode mode = policy::Mode::enforced;

  friend bool operator==(const RenderOptions&, const RenderOptions&) = default;
};

/// Whether the packets of connections that were all found to be allowed need not be judged each. Not where policies
/// count what they let pass.
[[nodiscard]] inline bool may_use_fast_path(const RenderOptions& options) {
  return options.mode == policy::Mode::enforced && !options.policy_counters;
}

/// The table that the policies are in.
[[nodiscard]] const nft::TableKey& policy_table(const RenderOptions& options);

/// The chains and sets that are always there. Pure.
/// @{
[[nodiscard]] nft::Chain forward_chain(const policy::NodeState& state, const RenderOptions& options);
[[nodiscard]] nft::Chain connections_chain(const RenderOptions& options);
[[nodiscard]] nft::Chain fastpath_chain(const RenderOptions& options);
[[nodiscard]] nft::Chain fastpath_from_pods_chain(const RenderOptions& options);
[[nodiscard]] nft::Chain replies_chain(const policy::NodeState& state, const RenderOptions& options);
[[nodiscard]] nft::Chain related_chain(const policy::NodeState& state, const RenderOptions& options);
[[nodiscard]] nft::Chain link_chain();
[[nodiscard]] nft::Chain bridge_chain(const policy::NodeState& state, const RenderOptions& options);
/// "ingress4": rules without peers first, then pods, then blocks.
[[nodiscard]] nft::Chain entry_chain_of(policy::Direction direction, IpFamily family, const policy::NodeState& state);
/// "k4-in-<hash>": one rule for each set of each predicate; the end denies.
[[nodiscard]] nft::Chain class_chain_of(const policy::ClassChain& chain);
/// The tables without anything that depends on the policy, except the chains above.
[[nodiscard]] nft::Ruleset fixed_parts(const RenderOptions& options);
/// @}

}  // namespace selvage::controller
