#pragma once

#include <string_view>

#include "policy/tiers/decide.h"
#include "tests/support/reference_oracle.h"

/// Questions about packets, put to the ordered model.
namespace selvage::testing {

[[nodiscard]] policy::FlowKey flow_of(const FirstPacket& packet);

/// What `node` must do with `packet` by policy::decide: the judgement of each end that is a pod of the node.
[[nodiscard]] bool allowed_on(std::string_view node, const policy::ClusterState& state, const FirstPacket& packet);

}  // namespace selvage::testing
