#pragma once

#include <functional>
#include <string>

#include "controller/tables/chains.h"
#include "nft/plan/plan.h"
#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// "namespace/name" of a pod in a NodePolicy.
using PodNames = std::function<std::string(policy::PodId)>;

/// The tables that enforce `policy`, whole. Pure.
[[nodiscard]] nft::Ruleset render(const policy::NodePolicy& policy, const PodNames& pod_names,
                                  const RenderOptions& options);

/// The plan that turns the tables of the policy before `delta` into those of `policy`, which is the
/// policy after it: what `nft::diff` of both would be, in time proportional to the change. Pure.
/// One thing more than `diff`: an element of a peer map, or of a set that counts denied packets, that stays and
/// now belongs to another pod is written again, so that its comment names the right one and nothing is
/// counted for the wrong one.
[[nodiscard]] nft::Plan render_changes(const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy,
                                       const PodNames& pod_names, const RenderOptions& options);

}  // namespace selvage::controller
