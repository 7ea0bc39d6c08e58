#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/tables/table_layout.h"

namespace selvage::controller {

/// Treatment of addresses on pod bridges that belong to no pod of this node (`--unknown-pods`).
enum class UnknownPods : std::uint8_t {
  automatic,  ///< dropped in a direction while a pod of the node is isolated in it
  allow,      ///< never dropped
  drop,       ///< always dropped
};

/// How the bridge table recognizes frames of pods.
enum class BridgeMatch : std::uint8_t {
  bridge_name,  ///< meta ibrname, exact; needs CONFIG_NFT_BRIDGE_META
  port_kind,    ///< meta iifkind "veth": every bridge's veth ports
};

/// Everything but the policy that the tables depend on.
struct RenderOptions {
  std::vector<std::string> pod_bridges = {"cni0"};  ///< sorted
  UnknownPods unknown_pods = UnknownPods::automatic;
  BridgeMatch bridge_match = BridgeMatch::bridge_name;
  /// The NFLOG group that denied packets are logged to, at most `log_rate` a second in each direction, with bursts of
  /// `log_burst`; none: no rule logs.
  std::optional<std::uint16_t> log_group;
  std::uint32_t log_rate = 100;
  std::uint32_t log_burst = 200;
  /// Whether the elements that let packets pass count them, at 16 bytes per CPU and element and a write per packet.
  bool policy_counters = false;
  nft::Ownership ownership = nft::Ownership::open;  ///< of all tables: open or owned
  /// Staged: one table, kStagedTable, that counts and logs what the policies would deny, and lets it pass.
  policy::Mode mode = policy::Mode::enforced;

  friend bool operator==(const RenderOptions&, const RenderOptions&) = default;
};

/// Whether packets of established connections may bypass the policies once all connections of their pods are known to
/// be allowed. Not where policies count the packets that they let pass.
[[nodiscard]] inline bool may_use_fast_path(const RenderOptions& options) {
  return options.mode == policy::Mode::enforced && !options.policy_counters;
}

/// The table that holds the policies.
[[nodiscard]] const nft::TableKey& policy_table(const RenderOptions& options);

/// The chains and sets that always exist. Pure.
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
/// "k4-in-<hash>": one rule for each set of each predicate; the last rule denies.
[[nodiscard]] nft::Chain class_chain_of(const policy::ClassChain& chain);
/// The rule that lets a local address pass that is in a set of permissions.
[[nodiscard]] nft::Rule permission_rule(const SetRole& set);
/// The parts of the tables that do not depend on the policy, without the chains above.
[[nodiscard]] nft::Ruleset fixed_parts(const RenderOptions& options);
/// @}

}  // namespace selvage::controller
