#pragma once

#include <string>

#include "bench/layouts/flat.h"

namespace selvage::bench {

/// The layout of kube-router v2 (pkg/controllers/netpol in cloudnativelabs/kube-router): sets for every policy of the
/// cluster, a chain for each policy, a chain for each pod of the node that jumps to all its policies, and four rules
/// in the forward chain for each pod, walked in order. A mark means allowed; the pod's chain checks it at its
/// end. IPv4.
struct KubeRouter {
  std::string ipset;     ///< for `ipset restore -exist`
  std::string iptables;  ///< for `iptables-restore`, the whole table filter
};

[[nodiscard]] KubeRouter kube_router(const Flat& flat);

}  // namespace selvage::bench
