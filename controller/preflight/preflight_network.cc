#include <algorithm>

#include "controller/preflight/preflight_checks.h"

namespace selvage::controller {
namespace {

std::string switch_text(const std::optional<bool>& value) {
  if (!value) return "absent";
  return *value ? "1" : "0";
}

}  // namespace

PreflightItem judge_br_netfilter(const SystemFacts& facts) {
  const std::string name = "br_netfilter";
  if (facts.br_netfilter) return item(name, CheckState::ok, "loaded");
  return blocking(item(name, CheckState::failed,
                       "not loaded, so traffic between pods of this node does not pass nftables and is not filtered",
                       "run \"modprobe br_netfilter\", and add it to /etc/modules-load.d/ for the next boot"));
}

PreflightItem judge_bridge(const SystemFacts& facts, const std::string& name) {
  const std::string title = "bridge " + name;
  if (!facts.bridges) return not_seen(title, facts.bridges.error());
  const auto bridge =
      std::find_if(facts.bridges->begin(), facts.bridges->end(), [&](const auto& one) { return one.name == name; });
  if (bridge == facts.bridges->end()) {
    return item(title, CheckState::info, "missing; Flannel creates it with the first pod");
  }
  if (bridge->nf_call_iptables && bridge->nf_call_ip6tables) {
    return item(title, CheckState::ok, "nf_call_iptables and nf_call_ip6tables are on");
  }
  if (may_administer(facts)) {
    return item(title, CheckState::info, "nf_call_iptables or nf_call_ip6tables is off; the agent switches them on");
  }
  return blocking(
      item(title, CheckState::failed,
           "nf_call_iptables or nf_call_ip6tables is off, so traffic between its pods does not pass nftables",
           "run \"ip link set dev " + name + " type bridge nf_call_iptables 1 nf_call_ip6tables 1\", or " +
               "give the agent CAP_NET_ADMIN"));
}

PreflightItem judge_bridge_sysctls(const SystemFacts& facts) {
  return item("bridge-nf-call", CheckState::info,
              "sysctl net.bridge.bridge-nf-call-iptables " + switch_text(facts.bridge_call_iptables) + ", -ip6tables " +
                  switch_text(facts.bridge_call_ip6tables) +
                  ": these apply to all bridges; the flags of the pod bridges suffice");
}

PreflightItem judge_forwarding(const std::string& name, const std::optional<bool>& on, bool used,
                               const std::string& sysctl) {
  if (on.value_or(false)) return item(name, CheckState::ok, sysctl + " is 1");
  const std::string seen = sysctl + (on ? " is 0" : " is missing");
  if (!used) return item(name, CheckState::info, seen + "; no pod bridge has an address of this family");
  return item(name, CheckState::failed, seen + ": nothing is forwarded between pods and other nodes",
              "run \"sysctl -w " + sysctl + "=1\", and add it to /etc/sysctl.d/ for the next boot");
}

PreflightItem judge_others(const SystemFacts& facts) {
  const std::string name = "other-enforcers";
  if (!facts.other_enforcers) return not_seen(name, facts.other_enforcers.error());
  if (facts.other_enforcers->empty()) return item(name, CheckState::ok, "no chains of a known enforcer");
  std::string seen = "found ";
  for (const auto& place : *facts.other_enforcers) {
    seen += (seen.back() == ' ' ? "" : ", ") + place.family + " " + place.table + " " + place.chain;
  }
  return item(name, CheckState::warning, seen + ": traffic passes only if both enforcers allow it",
              "disable network policies in the other enforcer, and remove its chains");
}

PreflightItem judge_ipvs(bool device_present, bool allow_ipvs) {
  const std::string name = "kube-proxy";
  if (!device_present) return item(name, CheckState::ok, "not in IPVS mode");
  const std::string seen = std::string(kIpvsDevice) +
                           " exists: kube-proxy in IPVS mode routes Service traffic around the forward hook, so it is "
                           "not filtered";
  if (allow_ipvs) return item(name, CheckState::warning, seen + "; accepted by --allow-ipvs");
  return blocking(
      item(name, CheckState::failed, seen,
           "set kube-proxy's mode to nftables or iptables and restart the node; or accept unfiltered Service "
           "traffic with --allow-ipvs"));
}

PreflightItem judge_other_policies(const Result<std::vector<std::string>>& found) {
  const std::string name = "other-policies";
  if (!found) return not_seen(name, found.error());
  std::string seen;
  for (const auto& line : *found) seen += (seen.empty() ? "" : "; ") + line;
  if (seen.empty()) return item(name, CheckState::ok, "no policies of other APIs");
  return item(name, CheckState::warning, seen, "rewrite them as NetworkPolicies of networking.k8s.io/v1");
}

}  // namespace selvage::controller
