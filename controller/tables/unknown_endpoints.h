#pragma once

#include <vector>

#include "controller/tables/chains.h"

/// Parts that chains share which tell packets of pod bridges from others, or states of connections.
namespace selvage::controller {

constexpr std::uint32_t kEstablished = 2;  ///< NF_CT_STATE_BIT, linux/netfilter/nf_conntrack_common.h
constexpr std::uint32_t kRelated = 4;

/// Whether what is of no known pod is dropped on pod bridges: as a source (egress) or as a destination (ingress).
[[nodiscard]] bool drops_unknown(policy::Direction direction, const policy::NodeState& state, UnknownPods mode);

/// The packet came in (iifname) or goes out (oifname) by a pod bridge. One bridge, as there is mostly, is compared at a
/// third of the cost of a look into the set.
nft::RuleBuilder& by_pod_bridge(nft::RuleBuilder& rule, nft::Selector device, const RenderOptions& options);

/// Adds that source and destination are pods of this node of whose connections policy allows all.
nft::RuleBuilder& between_fastpath_pods(nft::RuleBuilder& rule, IpFamily family);

/// Asks the edge of one direction, where it is closed.
void add_unknown_endpoint_rule(std::vector<nft::Rule>& rules, policy::Direction direction,
                               const policy::NodeState& state, const RenderOptions& options);

}  // namespace selvage::controller
