#include "controller/chains.h"
#include "controller/edge_rules.h"

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
    add_edge_rule(chain.rules, Direction::egress, state, options);
    add_edge_rule(chain.rules, Direction::ingress, state, options);
    chain.rules.push_back(RuleBuilder().in({Selector::ct_id}, std::string(kCut)).go_to(std::string(kDropCut)));
  }
  chain.rules.push_back(std::move(last));
  return chain;
}

}  // namespace

/// Accepts between known pods of this node, and between one and what is behind no pod bridge. All else is judged: a
/// packet under an address that no pod has, or that comes from elsewhere than its address, is not the connection's.
nft::Chain settled_chain(const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = "of protocols whose connections are all allowed";
  for (const IpFamily family : policy::kFamilies) {
    chain.rules.push_back(RuleBuilder()
                              .in({source_selector(family)}, local_pods_set(family))
                              .in({destination_selector(family)}, local_pods_set(family))
                              .accept());
  }
  RuleBuilder within;
  by_pod_bridge(within, Selector::iifname, options);
  chain.rules.push_back(by_pod_bridge(within, Selector::oifname, options).returns());
  for (const Selector device : {Selector::iifname, Selector::oifname}) {
    for (const IpFamily family : policy::kFamilies) {
      const Selector pod = device == Selector::iifname ? source_selector(family) : destination_selector(family);
      RuleBuilder rule;
      by_pod_bridge(rule, device, options).in({pod}, local_pods_set(family));
      chain.rules.push_back(rule.accept());
    }
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
