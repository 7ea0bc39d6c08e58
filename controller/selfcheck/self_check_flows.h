#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// First packets of `count` flows from or to pods of this node; none if the node has no pods. Even ones are any flows
/// between known addresses; odd ones test the limits of a permission: the first and last port of a range, the ports
/// next to them, another protocol, another peer, another local address, addresses at the ends of a block and next to
/// them. Source and destination differ and are of one family. Pure; the same seed gives the same flows.
[[nodiscard]] std::vector<policy::FlowKey> sample_flows(const policy::NodePolicy& policy, std::uint64_t seed,
                                                        std::size_t count);

}  // namespace selvage::controller
