#include "controller/preflight/preflight.h"

#include <algorithm>
#include <iterator>

#include "controller/node/pod_bridges.h"
#include "controller/preflight/preflight_checks.h"

namespace selvage::controller {
namespace {

/// Whether a pod bridge has a subnet of the family, and so pods have addresses of it.
bool in_use(const SystemFacts& facts, const std::vector<std::string>& pod_bridges, IpFamily family) {
  if (!facts.bridges) return false;
  return std::any_of(facts.bridges->begin(), facts.bridges->end(), [&](const host::Bridge& bridge) {
    return std::find(pod_bridges.begin(), pod_bridges.end(), bridge.name) != pod_bridges.end() &&
           std::any_of(bridge.subnets.begin(), bridge.subnets.end(),
                       [&](const IpPrefix& subnet) { return subnet.family() == family; });
  });
}

}  // namespace

PreflightReport judge(const SystemFacts& facts, const PreflightOptions& options) {
  const std::vector<std::string> bridges =
      options.pod_bridges.empty() ? std::vector<std::string>{kFlannelBridge} : options.pod_bridges;
  PreflightReport report;
  auto& items = report.items;
  items = {item("kernel", CheckState::info, "Linux " + facts.kernel_release),
           judge_capabilities(facts),
           judge_tables(facts),
           judge_table_owner(facts),
           judge_bridge_match(facts),
           judge_conntrack(facts)};
  if (options.log_group) items.push_back(judge_log_group(facts, *options.log_group));
  items.push_back(judge_br_netfilter(facts));
  for (const auto& bridge : bridges) items.push_back(judge_bridge(facts, bridge));
  if (facts.br_netfilter) items.push_back(judge_bridge_sysctls(facts));
  items.push_back(judge_forwarding("ip-forward-ipv4", facts.forwards4, in_use(facts, bridges, IpFamily::v4),
                                   "net.ipv4.ip_forward"));
  items.push_back(judge_forwarding("ip-forward-ipv6", facts.forwards6, in_use(facts, bridges, IpFamily::v6),
                                   "net.ipv6.conf.all.forwarding"));
  items.push_back(judge_ipvs(facts.ipvs_device, options.allow_ipvs));
  items.push_back(judge_others(facts));
  return report;
}

bool PreflightReport::failed() const {
  return std::any_of(items.begin(), items.end(), [](const auto& one) { return one.state == CheckState::failed; });
}

PreflightReport run_preflight(const PreflightOptions& options) { return judge(probe_system(), options); }

std::vector<PreflightItem> ready_blockers(const PreflightReport& report) {
  std::vector<PreflightItem> blockers;
  std::copy_if(report.items.begin(), report.items.end(), std::back_inserter(blockers),
               [](const PreflightItem& one) { return one.state == CheckState::failed && one.enforcement; });
  return blockers;
}

}  // namespace selvage::controller
