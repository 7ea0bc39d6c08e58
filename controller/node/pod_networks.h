#pragma once

#include "policy/explain/explain.h"

namespace selvage::controller {

/// Flannel's, by default: SubnetLen 24 and IPv6SubnetLen 64; the first two addresses are those of flannel.1 and cni0.
inline constexpr policy::PodNetworks kFlannelNetworks{{24, 64}, 2};

}  // namespace selvage::controller
