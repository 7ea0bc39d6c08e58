#pragma once

#include <vector>

#include "controller/tables/chains.h"

/// Conditions that several chains share: pod bridges, unknown endpoints, states of connections.
namespace selvage::controller {

constexpr std::uint32_t kEstablished = 2;  ///< NF_CT_STATE_BIT, linux/netfilter/nf_conntrack_common.h
constexpr std::uint32_t kRelated = 4;

/// Whether packets on pod bridges are dropped whose source (egress) or destination (ingress) is no known pod.
[[nodiscard]] bool drops_unknown(policy::Direction direction, const policy::NodeState& state, UnknownPods mode);

/// Adds that the packet came in (iifname) or goes out (oifname) by a pod bridge. With one bridge, the usual case, this
/// is a comparison, at a third of the cost of a set lookup.
nft::RuleBuilder& by_pod_bridge(nft::RuleBuilder& rule, nft::Selector device, const RenderOptions& options);

/// Adds that source and destination are pods on the fast path.
nft::RuleBuilder& between_fastpath_pods(nft::RuleBuilder& rule, IpFamily family);

/// Adds the jump that drops unknown endpoints of one direction, if they are dropped.
void add_unknown_endpoint_rule(std::vector<nft::Rule>& rules, policy::Direction direction,
                               const policy::NodeState& state, const RenderOptions& options);

}  // namespace selvage::controller
