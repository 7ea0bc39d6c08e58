#include "bench/layouts/kube_router.h"

#include <algorithm>
#include <map>

#include "bench/layouts/nft_text.h"

namespace selvage::bench {
namespace {

constexpr const char* kMarked = "-m mark --mark 0x10000/0x10000 ";
constexpr std::string_view kAddresses = "hash:ip";
constexpr std::string_view kBlocks = "hash:net";
constexpr const char* kSetOptions = " family inet hashsize 1024 maxelem 65536 timeout 0\n";
constexpr const char* kUnmarked = "-m mark ! --mark 0x10000/0x10000 ";

std::string set_name_of(const FlatPolicy& policy, const std::string& part) {
  return "KR" + policy.id + part;  // ipset's names have at most 31 characters
}

/// As BuildIPSetRestore writes a set: fills a temporary one, swaps both, and empties the temporary one.
void write_set(const std::string& name, std::string_view type, const std::vector<std::string>& entries,
               std::string& out) {
  const std::string options = " " + std::string(type) + kSetOptions;
  const std::string beside = type == kAddresses ? "TMP-ip" : "TMP-net";
  for (const std::string& entry : entries) {
    out += "add ";
    out += beside;
    out += ' ';
    out += entry;
    out += " timeout 0\n";
  }
  out += "create " + name + options + "swap " + beside + " " + name + "\nflush " + beside + "\n";
}

std::string port_match(const policy::PortMatch& match) {
  std::string protocol = policy::to_string(match.protocol);
  std::transform(protocol.begin(), protocol.end(), protocol.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto* range = std::get_if<policy::PortMatch::Range>(&match.port);
  if (range == nullptr) return "-p " + protocol + " ";
  std::string ports = std::to_string(range->first);
  if (range->last != range->first) ports += ":" + std::to_string(range->last);
  return "-p " + protocol + " --dport " + ports + " ";
}

/// Two lines for each match: set the mark, and return if it is set (appendRuleToPolicyChain).
void append_rule(const std::string& chain, const FlatPolicy& policy, const std::string& sets, const FlatRule& rule,
                 std::string& out) {
  std::vector<std::string> ports;
  if (rule.any_port) ports.emplace_back();
  for (const policy::PortMatch& match : rule.ports) ports.push_back(port_match(match));
  for (const std::string& port : ports) {
    const std::string start = "-A " + chain + " -m comment --comment \"rule of " + policy.name + "\" " + sets + port;
    out += start + "-j MARK --set-xmark 0x10000/0x10000\n" + start + kMarked + "-j RETURN\n";
  }
}

/// The sets and rules of one direction of a policy.
void write_direction(const FlatPolicy& policy, bool ingress, KubeRouter& out) {
  const std::string chain = "KUBE-NWPLCY-" + policy.id;
  const char* peer_side = ingress ? " src " : " dst ";
  const std::string own = set_name_of(policy, ingress ? "d" : "s");
  write_set(own, kAddresses, policy.pods, out.ipset);
  const std::string own_match = "-m set --match-set " + own + (ingress ? " dst " : " src ");
  const std::vector<FlatRule>& rules = ingress ? policy.ingress : policy.egress;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const FlatRule& rule = rules[i];
    const std::string set = set_name_of(policy, (ingress ? "i" : "e") + std::to_string(i));
    const auto match = [&](const std::string& name) { return "-m set --match-set " + name + peer_side + own_match; };
    if (!rule.pods.empty()) {
      write_set(set, kAddresses, rule.pods, out.ipset);
      append_rule(chain, policy, match(set), rule, out.iptables);
    }
    if (rule.any_peer) append_rule(chain, policy, own_match, rule, out.iptables);
    if (!rule.blocks.empty()) {
      write_set(set + "n", kBlocks, rule.blocks, out.ipset);
      append_rule(chain, policy, match(set + "n"), rule, out.iptables);
    }
  }
}

struct PodPolicies {
  std::vector<std::string> jumps;  ///< in the order of the policies; inserted at the front, so walked backwards
  bool ingress = false;
  bool egress = false;
};

void add_jump(const FlatPolicy& policy, const std::string& pod, PodPolicies& of) {
  const bool both = policy.isolates_ingress && policy.isolates_egress;
  const std::string side = both ? "" : policy.isolates_ingress ? "-d " + pod + " " : "-s " + pod + " ";
  of.jumps.push_back(side + "-m comment --comment \"policy " + policy.name + "\" -j KUBE-NWPLCY-" + policy.id + "\n");
  of.ingress |= policy.isolates_ingress;
  of.egress |= policy.isolates_egress;
}

std::string pod_chain(const std::string& pod, const PodPolicies& of) {
  const std::string chain = "-A KUBE-POD-FW-" + name_of(pod) + " ";
  std::string text =
      chain + "-j KUBE-NWPLCY-COMMON\n" + chain + "-m addrtype --src-type LOCAL -d " + pod + " -j ACCEPT\n";
  if (!of.egress) text += chain + "-s " + pod + " -j KUBE-NWPLCY-DEFAULT\n";
  if (!of.ingress) text += chain + "-d " + pod + " -j KUBE-NWPLCY-DEFAULT\n";
  // NOLINTNEXTLINE(modernize-loop-convert): backwards
  for (auto jump = of.jumps.rbegin(); jump != of.jumps.rend(); ++jump) text += chain + *jump;
  return text + chain + kUnmarked + "-m limit --limit 10/minute --limit-burst 10 -j NFLOG --nflog-group 100\n" + chain +
         kUnmarked + "-j REJECT\n" + chain + "-j MARK --set-mark 0/0x10000\n" + chain +
         "-j MARK --set-mark 0x20000/0x20000\n";
}

std::string dispatch(const std::string& pod) {
  const std::string to = " -d " + pod + " -j KUBE-POD-FW-" + name_of(pod) + "\n";
  const std::string from = " -s " + pod + " -j KUBE-POD-FW-" + name_of(pod) + "\n";
  const std::string bridged = "-A KUBE-ROUTER-FORWARD -m physdev --physdev-is-bridged";
  return "-A KUBE-ROUTER-FORWARD" + to + "-A KUBE-ROUTER-OUTPUT" + to + bridged + to + "-A KUBE-ROUTER-INPUT" + from +
         "-A KUBE-ROUTER-FORWARD" + from + "-A KUBE-ROUTER-OUTPUT" + from + bridged + from;
}

constexpr const char* kStart = R"(:INPUT ACCEPT
:FORWARD ACCEPT
:OUTPUT ACCEPT
:KUBE-ROUTER-INPUT -
:KUBE-ROUTER-FORWARD -
:KUBE-ROUTER-OUTPUT -
:KUBE-NWPLCY-COMMON -
:KUBE-NWPLCY-DEFAULT -
)";
constexpr const char* kRules = R"(-A INPUT -j KUBE-ROUTER-INPUT
-A FORWARD -j KUBE-ROUTER-FORWARD
-A OUTPUT -j KUBE-ROUTER-OUTPUT
-A KUBE-NWPLCY-DEFAULT -j MARK --set-xmark 0x10000/0x10000
-A KUBE-NWPLCY-COMMON -m conntrack --ctstate INVALID -j DROP
-A KUBE-NWPLCY-COMMON -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A KUBE-NWPLCY-COMMON -p icmp -m icmp --icmp-type 8 -j ACCEPT
)";

}  // namespace

KubeRouter kube_router(const Flat& flat) {
  KubeRouter rules;
  rules.ipset =
      "create TMP-ip " + std::string(kAddresses) + kSetOptions + "create TMP-net " + std::string(kBlocks) + kSetOptions;
  std::string chains = kStart;
  std::map<std::string, PodPolicies> pods;
  for (const FlatPolicy& policy : flat.policies) {
    chains += ":KUBE-NWPLCY-" + policy.id + " -\n";
    if (policy.isolates_ingress) write_direction(policy, true, rules);
    if (policy.isolates_egress) write_direction(policy, false, rules);
    for (const std::string& pod : policy.locals) add_jump(policy, pod, pods[pod]);
  }
  std::string text = kRules;
  for (const std::string& pod : flat.locals) {
    chains += ":KUBE-POD-FW-" + name_of(pod) + " -\n";
    text += pod_chain(pod, pods[pod]) + dispatch(pod);
  }
  for (const char* hook : {"INPUT", "FORWARD", "OUTPUT"})
    text += std::string("-A KUBE-ROUTER-") + hook + " -m mark --mark 0x20000/0x20000 -j ACCEPT\n";
  rules.ipset += "destroy TMP-ip\ndestroy TMP-net\n";
  rules.iptables = "*filter\n" + chains + rules.iptables + text + "COMMIT\n";
  return rules;
}

}  // namespace selvage::bench
