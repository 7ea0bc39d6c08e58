#pragma once

#include <string>
#include <vector>

#include "host/bridges.h"
#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// The name of Flannel's bridge (cniVersion delegate "bridge" in its CNI config).
inline constexpr const char* kFlannelBridge = "cni0";

/// Which of the node's bridges pods hang on: Flannel's, and every bridge one of whose subnets holds
/// an address of a pod of this node. Names, sorted; Flannel's is always there, so that its first pod
/// finds it named. Pure.
[[nodiscard]] std::vector<std::string> find_pod_bridges(const std::vector<host::Bridge>& bridges,
                                                        const policy::NodePolicy& policy);

/// fe80::/10.
[[nodiscard]] const IpPrefix& link_local6();

}  // namespace selvage::controller
