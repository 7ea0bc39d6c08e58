#include "controller/node/node_bridges.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace selvage::controller {

void NodeBridges::refresh() {
  auto bridges = host::list_bridges();
  if (bridges) {
    bridges_ = std::move(*bridges);
  } else {
    spdlog::error("cannot list the bridges of this node: {}", bridges.error().message);
  }
}

std::string NodeBridges::find_missing(const std::vector<std::string>& pod_bridges) {
  if (!host::br_netfilter_loaded()) {
    return "br_netfilter is not loaded, so traffic between pods of this node does not pass nftables and is not "
           "filtered: run \"modprobe br_netfilter\"";
  }
  std::string missing;
  for (auto& bridge : bridges_) {
    const bool on = bridge.nf_call_iptables && bridge.nf_call_ip6tables;
    if (on || !std::binary_search(pod_bridges.begin(), pod_bridges.end(), bridge.name)) continue;
    const auto done = make_effective(bridge);
    if (done) continue;
    missing += missing.empty() ? "" : "; ";
    missing += "bridge " + bridge.name + ": nf_call_iptables or nf_call_ip6tables is off, so traffic between its " +
               "pods does not pass nftables: " + done.error().message;
  }
  return missing;
}

Result<void> NodeBridges::make_effective(host::Bridge& bridge) {
  if (!change_flags_) return fail("not changed in a dry run");
  if (auto enabled = host::enable_nf_call(bridge); !enabled) return enabled;
  bridge.nf_call_iptables = bridge.nf_call_ip6tables = true;
  spdlog::info("bridge {}: switched nf_call_iptables and nf_call_ip6tables on", bridge.name);
  return {};
}

bool NodeBridges::make_effective(const std::vector<std::string>& pod_bridges) {
  const std::string missing = find_missing(pod_bridges);
  if (std::exchange(reported_, missing) != missing && !missing.empty()) spdlog::error("{}", missing);
  return missing.empty();
}

}  // namespace selvage::controller
