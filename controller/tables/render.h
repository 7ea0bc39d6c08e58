#pragma once

#include <functional>
#include <string>

#include "controller/tables/chains.h"
#include "nft/plan/plan.h"
#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// "namespace/name" of a pod in a NodePolicy.
using PodNames = std::function<std::string(policy::PodId)>;

/// The whole tables that enforce `policy`. Pure.
[[nodiscard]] nft::Ruleset render(const policy::NodePolicy& policy, const PodNames& pod_names,
                                  const RenderOptions& options);

/// The plan that turns the tables of the policy before `delta` into those of `policy`, the policy after it: the result
/// of `nft::diff` of both, in time proportional to the change. Pure. Unlike `diff`, it rewrites an element of a peer
/// map, or of a set that counts denied packets, that stays but now belongs to another pod: its comment names the new
/// pod, and its counter starts at zero.
[[nodiscard]] nft::Plan render_changes(const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy,
                                       const PodNames& pod_names, const RenderOptions& options);

}  // namespace selvage::controller
