#include "controller/tables/chains.h"
#include "controller/tables/unknown_endpoints.h"

/// The chains for packets of connections that are known.
namespace selvage::controller {
namespace {

using nft::RuleBuilder;
using nft::Selector;
using policy::Direction;

/// A chain for packets of known connections: if policies are enforced, unknown endpoints and `cut` are checked first.
nft::Chain known_connections(std::string comment, nft::Rule last, const policy::NodeState& state,
                             const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = std::move(comment);
  if (options.mode == policy::Mode::enforced) {
    add_unknown_endpoint_rule(chain.rules, Direction::egress, state, options);
    add_unknown_endpoint_rule(chain.rules, Direction::ingress, state, options);
    // ct id @cut goto drop-cut
    chain.rules.push_back(RuleBuilder().in({Selector::ct_id}, std::string(kCut)).go_to(std::string(kDropCut)));
  }
  chain.rules.push_back(std::move(last));
  return chain;
}

}  // namespace

/// Returns packets of a connection's original direction, which have to be judged.
nft::Chain connections_chain(const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = "packets of known connections";
  if (may_use_fast_path(options)) {
    // ct state @fastpath-state jump fastpath
    chain.rules.push_back(
        RuleBuilder().in({Selector::ct_state}, std::string(kFastpathState)).jump(std::string(kFastpath)));
  }
  // ct direction reply jump replies
  chain.rules.push_back(RuleBuilder().ct_direction_reply().jump(std::string(kReplies)));
  // ct state related meta l4proto @icmp-protocols goto related-errors
  chain.rules.push_back(RuleBuilder()
                            .ct_state(kRelated)
                            .in({Selector::l4proto}, std::string(kIcmpProtocols))
                            .go_to(std::string(kRelatedErrors)));
  return chain;
}

/// Accepts packets from outside the pod bridges to a pod on the fast path. Everything else is judged: a packet with an
/// address of no pod, or from elsewhere than its address, does not belong to the connection. IPv6 is judged, too: there
/// the kernel forwards packets with the host's own addresses, whose connections are not checked (for IPv4 it drops such
/// packets as martians).
nft::Chain fastpath_chain(const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = "pods whose connections are all allowed";
  // iifname "cni0" goto fastpath-from-pods
  RuleBuilder from_pods;
  chain.rules.push_back(by_pod_bridge(from_pods, Selector::iifname, options).go_to(std::string(kFastpathFromPods)));
  // oifname "cni0" ip daddr @fastpath-pods4 accept
  RuleBuilder to_pods;
  by_pod_bridge(to_pods, Selector::oifname, options)
      .in({destination_selector(IpFamily::v4)}, fastpath_pods_set(IpFamily::v4));
  chain.rules.push_back(to_pods.accept());
  return chain;
}

/// The same for packets from a pod bridge: from a pod on the fast path to another one, or to outside the pod bridges.
nft::Chain fastpath_from_pods_chain(const RenderOptions& options) {
  nft::Chain chain;
  chain.comment = "from pods whose connections are all allowed";
  // ip6 saddr @fastpath-pods6 ip6 daddr @fastpath-pods6 accept
  RuleBuilder pods;  // for IPv4, `forward` accepts them
  chain.rules.push_back(between_fastpath_pods(pods, IpFamily::v6).accept());
  // oifname "cni0" return
  RuleBuilder within;
  chain.rules.push_back(by_pod_bridge(within, Selector::oifname, options).returns());
  for (const IpFamily family : policy::kFamilies) {
    // ip saddr @fastpath-pods4 accept
    chain.rules.push_back(RuleBuilder().in({source_selector(family)}, fastpath_pods_set(family)).accept());
  }
  return chain;
}

/// Replies pass by conntrack.
nft::Chain replies_chain(const policy::NodeState& state, const RenderOptions& options) {
  // ct state established,related accept
  return known_connections("of known connections", RuleBuilder().ct_state(kEstablished | kRelated).accept(), state,
                           options);
}

/// Errors that belong to a flow (path MTU), in either direction.
nft::Chain related_chain(const policy::NodeState& state, const RenderOptions& options) {
  return known_connections("errors that belong to a known connection", RuleBuilder().accept(), state, options);
}

}  // namespace selvage::controller
