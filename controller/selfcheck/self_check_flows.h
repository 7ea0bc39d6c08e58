#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// First packets of flows from or to pods of this node, `count` of them or, where the node has no pods, none. Even ones
/// are any flows between addresses that are known; odd ones lie at the edges of what some permission allows: the first
/// and the last port of a range, the ports beside them, another protocol, another peer, another local address, the
/// addresses at either end of a block and beside it. Source and destination differ and are of one family. Pure; the
/// same seed gives the same flows.
[[nodiscard]] std::vector<policy::FlowKey> sample_flows(const policy::NodePolicy& policy, std::uint64_t seed,
                                                        std::size_t count);

}  // namespace selvage::controller
