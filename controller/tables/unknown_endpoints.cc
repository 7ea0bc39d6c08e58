#include "controller/tables/unknown_endpoints.h"

#include <string>

namespace selvage::controller {

using nft::RuleBuilder;
using nft::Selector;
using policy::Direction;

bool drops_unknown(Direction direction, const policy::NodeState& state, UnknownPods mode) {
  return mode == UnknownPods::drop || (mode == UnknownPods::automatic && state.any_isolated(direction));
}

RuleBuilder& by_pod_bridge(RuleBuilder& rule, Selector device, const RenderOptions& options) {
  // iifname "cni0"
  // iifname @pod-bridges
  if (options.pod_bridges.size() == 1) return rule.equals(device, options.pod_bridges.front());
  return rule.in({device}, std::string(kPodBridges));
}

RuleBuilder& between_fastpath_pods(RuleBuilder& rule, IpFamily family) {
  return rule.in({source_selector(family)}, fastpath_pods_set(family))
      .in({destination_selector(family)}, fastpath_pods_set(family));
}

void add_unknown_endpoint_rule(std::vector<nft::Rule>& rules, Direction direction, const policy::NodeState& state,
                               const RenderOptions& options) {
  if (!drops_unknown(direction, state, options.unknown_pods)) return;
  const bool in = direction == Direction::ingress;
  // iifname "cni0" jump unknown-source
  // oifname "cni0" jump unknown-destination
  RuleBuilder rule;
  by_pod_bridge(rule, in ? Selector::oifname : Selector::iifname, options);
  rules.push_back(rule.jump(std::string(in ? kUnknownDestination : kUnknownSource)));
}

}  // namespace selvage::controller
