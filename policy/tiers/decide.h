#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/model/flow.h"
#include "policy/tiers/tiers.h"

/// The meaning of the ordered model, as the shortest code that expresses it. Slow. The compiler, the tables and packets
/// are tested against it; the agent does not use it.
namespace selvage::policy {

/// Everything that a decision depends on. Lists are in any order.
struct ClusterState {
  std::vector<Namespace> namespaces;
  std::vector<Pod> pods;
  std::vector<Tier> tiers = built_in_tiers();
  std::vector<Policy> policies;  ///< of a tier that `tiers` lacks: in one of that name after all others, its end deny
};

/// `objects` with their policies lowered.
[[nodiscard]] ClusterState state_of(std::span<const Object> objects);

/// A rule, found by its object.
struct RuleReference {
  ObjectKey policy;
  RuleOrigin rule;
  Action action = Action::allow;
  friend bool operator==(const RuleReference&, const RuleReference&) = default;
};

/// The judgement of one end of a flow.
struct Decision {
  enum class By : std::uint8_t {
    rule,      ///< `rule` of a policy in `tier`
    tier_end,  ///< no rule of `tier` matched and its end denies
    last_end,  ///< no tier decided: allowed
    nothing,   ///< not judged: the address belongs to no pod, or the pod reaches itself. Allowed
  };
  bool allowed = true;
  By by = By::nothing;
  std::string tier;                       ///< of `rule` and `tier_end`
  std::optional<RuleReference> rule;      ///< of `rule`
  std::vector<RuleReference> on_the_way;  ///< Log and Pass rules that matched before, in order
};

/// The pod whose policies judge `address`: of all that claim it the one with the greatest (created, namespace, name);
/// finished pods and pods on the host's network claim none. nullptr if no pod does.
[[nodiscard]] const Pod* pod_at(const ClusterState& state, const IpAddress& address);

/// Judges `flow` at one end: by the policies of its destination (ingress) or of its source (egress), wherever that pod
/// runs. For each tier in order: its policies that are not staged, apply to the direction and select the pod, in order;
/// without any, the next tier. The first Allow or Deny that matches is final, a Pass goes to the next tier, a Log goes
/// on. If nothing of the tier matched, its end is deny and one of these policies isolates: denied; else the next tier.
/// After the last tier: allowed.
[[nodiscard]] Decision decide(const ClusterState& state, Direction direction, const FlowKey& flow);

}  // namespace selvage::policy
