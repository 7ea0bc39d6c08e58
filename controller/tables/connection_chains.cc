#include "controller/tables/chains.h"
#include "controller/tables/unknown_endpoints.h"

/// The chains for packets of connections that are known.
namespace selvage::controller {
namespace {

using nft::RuleBuilder;
using nft::Selector;
using policy::Direction;

/// A chain for packets of known connections: where policies are enforced they are asked for the edge and `cut`.
nft::Chain known_connections(std::string comment, nft::Rule last, const policy::NodeState& state,
                             const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = std::move(comment);
  if (options.mode == policy::Mode::enforced) {
    add_unknown_endpoint_rule(chain.rules, Direction::egress, state, options);
    add_unknown_endpoint_rule(chain.rules, Direction::ingress, state, options);
    chain.rules.push_back(RuleBuilder().in({Selector::ct_id}, std::string(kCut)).go_to(std::string(kDropCut)));
  }
  chain.rules.push_back(std::move(last));
  return chain;
}

}  // namespace

/// What comes back is a packet of a connection's original direction that has to be judged.
nft::Chain connections_chain(const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = "packets of known connections";
  if (may_use_fast_path(options)) {
    chain.rules.push_back(
        RuleBuilder().in({Selector::ct_state}, std::string(kFastpathState)).jump(std::string(kFastpath)));
  }
  chain.rules.push_back(RuleBuilder().ct_direction_reply().jump(std::string(kReplies)));
  chain.rules.push_back(RuleBuilder()
                            .ct_state(kRelated)
                            .in({Selector::l4proto}, std::string(kIcmpProtocols))
                            .go_to(std::string(kRelatedErrors)));
  return chain;
}

/// Accepts what comes from behind no pod bridge to a pod on the fast path of this node. All else is judged: a packet
/// under an address that no pod has, or that comes from elsewhere than its address, is not the connection's. IPv6 is,
/// too: there the kernel forwards what comes in under the host's own addresses, whose connections are not looked at
/// (for IPv4 it drops such packets as martians).
nft::Chain fastpath_chain(const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = "pods whose connections are all allowed";
  RuleBuilder from_pods;
  chain.rules.push_back(by_pod_bridge(from_pods, Selector::iifname, options).go_to(std::string(kFastpathFromPods)));
  RuleBuilder to_pods;
  by_pod_bridge(to_pods, Selector::oifname, options)
      .in({destination_selector(IpFamily::v4)}, fastpath_pods_set(IpFamily::v4));
  chain.rules.push_back(to_pods.accept());
  return chain;
}

/// The same for what comes from a pod bridge: from a pod on the fast path to another, or to what is behind no pod
/// bridge.
nft::Chain fastpath_from_pods_chain(const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = "from pods whose connections are all allowed";
  RuleBuilder pods;  // IPv4's are accepted in forward
  chain.rules.push_back(between_fastpath_pods(pods, IpFamily::v6).accept());
  RuleBuilder within;
  chain.rules.push_back(by_pod_bridge(within, Selector::oifname, options).returns());
  for (const IpFamily family : policy::kFamilies) {
    chain.rules.push_back(RuleBuilder().in({source_selector(family)}, fastpath_pods_set(family)).accept());
  }
  return chain;
}

/// Replies ride on conntrack.
nft::Chain replies_chain(const policy::NodeState& state, const RenderOptions& options) {
  return known_connections("of known connections", RuleBuilder().ct_state(kEstablished | kRelated).accept(), state,
                           options);
}

/// Errors that belong to a flow (path MTU), whichever way they go.
nft::Chain related_chain(const policy::NodeState& state, const RenderOptions& options) {
  return known_connections("errors that belong to a known connection", RuleBuilder().accept(), state, options);
}

}  // namespace selvage::controller
