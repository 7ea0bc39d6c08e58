#include "controller/node/pod_bridges.h"

#include <algorithm>
#include <set>

namespace selvage::controller {
namespace {

bool holds_pod(const IpPrefix& subnet, const policy::NodePolicy& policy) {
  const auto& local = policy.local.values();
  const auto at = local.lower_bound(subnet.first());
  return at != local.end() && subnet.contains(at->first);
}

}  // namespace

std::vector<std::string> find_pod_bridges(const std::vector<host::Bridge>& bridges, const policy::NodePolicy& policy) {
  std::set<std::string> names = {kFlannelBridge};
  for (const auto& bridge : bridges) {
    const bool pods = std::any_of(bridge.subnets.begin(), bridge.subnets.end(),
                                  [&](const IpPrefix& subnet) { return holds_pod(subnet, policy); });
    if (pods) names.insert(bridge.name);
  }
  return {names.begin(), names.end()};
}

const IpPrefix& link_local6() {
  static const IpPrefix kLinkLocal = IpPrefix::parse("fe80::/10").value();
  return kLinkLocal;
}

}  // namespace selvage::controller
