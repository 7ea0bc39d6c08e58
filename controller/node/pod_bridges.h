#pragma once

#include <string>
#include <vector>

#include "host/bridges.h"
#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// The name of Flannel's bridge (cniVersion delegate "bridge" in its CNI config).
inline constexpr const char* kFlannelBridge = "cni0";

/// The node's bridges that connect pods: Flannel's, and every bridge with a subnet that holds an address of a pod of
/// this node. Names, sorted; Flannel's is always among them, so that it is covered when its first pod arrives. Pure.
[[nodiscard]] std::vector<std::string> find_pod_bridges(const std::vector<host::Bridge>& bridges,
                                                        const policy::NodePolicy& policy);

/// fe80::/10.
[[nodiscard]] const IpPrefix& link_local6();

}  // namespace selvage::controller
