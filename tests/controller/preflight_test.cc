#include "controller/preflight/preflight.h"

#include <linux/capability.h>

#include <catch2/catch.hpp>
#include <cerrno>

#include "controller/preflight/preflight_specimen.h"
#include "host/packet_log.h"
#include "nft/kernel/probe.h"
#include "tests/controller/log_capture.h"
#include "tests/support/netns.h"
#include "tests/support/shell.h"

/// The preflight finds what a node lacks, prints the fix, and changes nothing.
namespace selvage::testing {
namespace {

using namespace controller;

host::Bridge bridge_of(bool flags, std::initializer_list<const char*> subnets = {}) {
  host::Bridge bridge{"cni0", 7, {}, flags, flags};
  for (const char* subnet : subnets) bridge.subnets.push_back(*IpPrefix::parse(subnet));
  return bridge;
}

/// A node on which nothing is wrong.
SystemFacts good_node() {
  SystemFacts facts;
  facts.kernel_release = "6.18.0";
  facts.effective_capabilities = std::uint64_t{1} << CAP_NET_ADMIN;
  facts.table_owner = true;
  facts.bridge_ibrname = true;
  facts.br_netfilter = true;
  facts.bridge_call_iptables = facts.bridge_call_ip6tables = false;
  facts.bridges = std::vector{bridge_of(true, {"10.244.1.0/24", "fd00:244:1::/64"})};
  facts.forwards4 = facts.forwards6 = true;
  return facts;
}

PreflightOptions with_group(std::uint16_t group = 700) {
  PreflightOptions options;
  options.log_group = group;
  return options;
}

const PreflightItem& find(const PreflightReport& report, const std::string& name) {
  for (const auto& item : report.items) {
    if (item.name == name) return item;
  }
  throw std::runtime_error("no item " + name + " in\n" + to_table(report));
}

CheckState state_of(const PreflightReport& report, const std::string& name) { return find(report, name).state; }

std::vector<std::string> blockers_of(const PreflightReport& report) {
  std::vector<std::string> names;
  for (const auto& item : ready_blockers(report)) names.push_back(item.name);
  return names;
}

/// The one item is as expected, every failure has a fix, and what blocks is what is named.
void check(const SystemFacts& facts, const std::string& name, CheckState state,
           const std::vector<std::string>& blockers = {}, const PreflightOptions& options = with_group()) {
  const PreflightReport report = judge(facts, options);
  INFO(to_table(report));
  CHECK(state_of(report, name) == state);
  CHECK(blockers_of(report) == blockers);
  CHECK(report.failed() == (state == CheckState::failed));
  for (const auto& item : report.items) {
    CHECK((item.state != CheckState::failed || !item.fix.empty()));
    CHECK(log_text(item).find('\n') == std::string::npos);
  }
}

template <class T>
Result<T> refused(int code) {
  return fail("cannot be asked", code);
}

}  // namespace

TEST_CASE("a good node passes preflight, and nothing keeps the agent from being ready") {
  const PreflightReport report = judge(good_node(), with_group());
  INFO(to_table(report));
  CHECK_FALSE(report.failed());
  CHECK(ready_blockers(report).empty());
  for (const auto& item : report.items) CHECK((item.state == CheckState::ok || item.state == CheckState::info));
  for (const auto& item : report.items) CHECK(item.fix.empty());
}

TEST_CASE("preflight judges what the kernel can and the process may") {
  SystemFacts facts = good_node();
  SECTION("no CAP_NET_ADMIN: what needs it is unknown, not refused") {
    facts.effective_capabilities = 0;
    facts.tables = refused<void>(EPERM);
    facts.flows = refused<std::size_t>(EPERM);
    facts.other_enforcers = refused<std::vector<nft::ChainPlace>>(EPERM);
    check(facts, "capabilities", CheckState::failed, {"capabilities"});
    CHECK(state_of(judge(facts, {}), "nf_tables") == CheckState::unknown);
    CHECK(state_of(judge(facts, {}), "conntrack") == CheckState::unknown);
    CHECK(state_of(judge(facts, {}), "other-enforcers") == CheckState::unknown);
  }
  SECTION("more capabilities than needed are reported") {
    *facts.effective_capabilities |= std::uint64_t{1} << CAP_SYS_ADMIN;
    check(facts, "capabilities", CheckState::info);
  }
  SECTION("nothing is known of the capabilities") {
    facts.effective_capabilities.reset();
    check(facts, "capabilities", CheckState::unknown);
  }
  SECTION("the capability, but not for this network namespace") {
    facts.tables = refused<void>(EPERM);
    check(facts, "nf_tables", CheckState::failed, {"nf_tables"});
  }
  SECTION("a kernel without what the tables need") {
    facts.tables = refused<void>(EOPNOTSUPP);
    check(facts, "nf_tables", CheckState::failed, {"nf_tables"});
  }
  SECTION("an older kernel is good enough") {
    facts.table_owner = false;
    facts.bridge_ibrname = false;
    check(facts, "table-owner", CheckState::info);
    check(facts, "bridge-match", CheckState::info);
  }
  SECTION("no ctnetlink") {
    facts.flows = refused<std::size_t>(EOPNOTSUPP);
    check(facts, "conntrack", CheckState::failed);
  }
  SECTION("the NFLOG group is taken") {
    facts.log_groups->insert(700);
    check(facts, "nflog", CheckState::warning);
    check(facts, "nflog", CheckState::ok, {}, with_group(701));
    facts.log_groups = refused<std::set<std::uint16_t>>(EACCES);
    check(facts, "nflog", CheckState::unknown);
  }
}

TEST_CASE("preflight judges the way that pods' packets take") {
  SystemFacts facts = good_node();
  SECTION("br_netfilter is not loaded") {
    facts.br_netfilter = false;
    check(facts, "br_netfilter", CheckState::failed, {"br_netfilter"});
  }
  SECTION("the bridge's flags are off: the agent can change that, or not") {
    facts.bridges = std::vector{bridge_of(false)};
    check(facts, "bridge cni0", CheckState::info);
    facts.effective_capabilities = 0;
    const PreflightReport report = judge(facts, {});
    CHECK(state_of(report, "bridge cni0") == CheckState::failed);
    CHECK(blockers_of(report) == std::vector<std::string>{"capabilities", "bridge cni0"});
  }
  SECTION("one flag is not enough") {
    facts.bridges->front().nf_call_ip6tables = false;
    check(facts, "bridge cni0", CheckState::info);
  }
  SECTION("bridges that are not there yet, whatever else forwards") {
    facts.bridges = std::vector<host::Bridge>{};
    facts.forwards4 = facts.forwards6 = false;
    check(facts, "bridge cni0", CheckState::info);
    check(facts, "ip-forward-ipv4", CheckState::info);
    PreflightOptions options = with_group();
    options.pod_bridges = {"br1", "br2"};
    check(facts, "bridge br2", CheckState::info, {}, options);
  }
  SECTION("bridges cannot be listed") {
    facts.bridges = refused<std::vector<host::Bridge>>(ENOBUFS);
    check(facts, "bridge cni0", CheckState::unknown);
  }
  SECTION("forwarding counts in the families that pods have") {
    facts.forwards4 = false;
    check(facts, "ip-forward-ipv4", CheckState::failed);
    facts.bridges = std::vector{bridge_of(true, {"fd00:244:1::/64"})};
    check(facts, "ip-forward-ipv4", CheckState::info);
    facts.forwards6.reset();
    check(facts, "ip-forward-ipv6", CheckState::failed);
  }
}

TEST_CASE("preflight judges what else is on the node") {
  SystemFacts facts = good_node();
  SECTION("kube-proxy in IPVS mode blocks unless it is allowed") {
    facts.ipvs_device = true;
    check(facts, "kube-proxy", CheckState::failed, {"kube-proxy"});
    PreflightOptions options = with_group();
    options.allow_ipvs = true;
    check(facts, "kube-proxy", CheckState::warning, {}, options);
  }
  SECTION("another enforcer") {
    facts.other_enforcers->push_back({"ip", "filter", "KUBE-NWPLCY-DEFAULT"});
    check(facts, "other-enforcers", CheckState::warning);
  }
}

TEST_CASE("chains of other enforcers are known, those of kube-proxy and Flannel are not theirs") {
  for (const char* chain : {"KUBE-ROUTER-FORWARD", "KUBE-NWPLCY-ABC", "KUBE-POD-FW-ABC", "cali-FORWARD", "WEAVE-NPC"}) {
    CHECK(is_of_other_enforcer({"ip", "filter", chain}));
  }
  CHECK(is_of_other_enforcer({"inet", "kube-network-policies", "forward"}));
  CHECK(is_of_other_enforcer({"inet", "kindnet-network-policies", "postrouting"}));
  for (const char* chain : {"KUBE-FORWARD", "KUBE-SERVICES", "FLANNEL-FWD", "FORWARD", "DOCKER", "calm"}) {
    CHECK_FALSE(is_of_other_enforcer({"ip", "filter", chain}));
  }
}

TEST_CASE("what fails is an error of the log, what is fine is not logged") {
  SystemFacts facts = good_node();
  facts.br_netfilter = false;
  facts.log_groups->insert(700);
  const LogCapture log;
  log_preflight(judge(facts, with_group()));
  CHECK(log.count("preflight: br_netfilter: ") == 1);
  CHECK(log.count("modprobe br_netfilter") == 1);
  CHECK(log.count("preflight: nflog: ") == 1);
  CHECK(log.count("preflight: ") == 2);
}

TEST_CASE("a kernel would take tables with every kind of set, and has none of them afterwards") {
  const ScopedNetNs space;
  RenderOptions options;
  options.bridge_match = BridgeMatch::port_kind;
  options.log_group = 7;
  const nft::Ruleset tables = specimen_tables(options);
  REQUIRE(tables.size() == 2);
  // As policies lead to them: all four kinds of sets, of pods, blocks and anyone, both ways, in both families.
  const auto& sets = tables.begin()->second.sets;
  for (const char* part : {"-in-all4", "-in-protos6", "-out-ports4", "-out-ranges6", "any-in-ranges4", "ingress-cidr6",
                           "egress-peer4", "cut"}) {
    INFO(part);
    CHECK(std::any_of(sets.begin(), sets.end(),
                      [&](const auto& set) { return set.first.find(part) != std::string::npos; }));
  }
  const auto taken = nft::would_take(nft::diff({}, tables));
  INFO((taken ? "" : taken.error().message));
  CHECK(taken);
  CHECK(must_run("nft list ruleset").empty());
}

TEST_CASE("a kernel that would not take a plan says why") {
  const ScopedNetNs space;
  nft::Ruleset tables = specimen_tables({});
  tables.begin()->second.chains["k"].rules = {nft::RuleBuilder().jump("nowhere")};
  const auto taken = nft::would_take(nft::diff({}, tables));
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == ENOENT);
  CHECK(taken.error().message.find(" k:") != std::string::npos);
}

TEST_CASE("a system is looked at and stays as it was") {
  const ScopedNetNs space;
  must_run("ip link add cni0 type bridge && ip addr add 10.244.1.1/24 dev cni0 && sysctl -qw net.ipv4.ip_forward=0");
  must_run(
      "ip link add kube-ipvs0 type bridge && nft add table ip filter && nft add chain ip filter KUBE-ROUTER-INPUT");
  const auto log = host::PacketLog::open(4711);
  REQUIRE(log);
  const std::string look = "nft -a list ruleset; ip -d link; sysctl -a 2>/dev/null | grep forward; ";
  const std::string before = must_run(look + "cat /proc/net/netfilter/nfnetlink_log");

  const PreflightReport report = run_preflight(with_group(4711));
  INFO(to_table(report));
  CHECK(state_of(report, "nf_tables") == CheckState::ok);
  CHECK(state_of(report, "conntrack") == CheckState::ok);
  CHECK(state_of(report, "nflog") == CheckState::warning);
  CHECK(state_of(report, "br_netfilter") == CheckState::ok);
  CHECK(state_of(report, "bridge cni0") == CheckState::info);
  CHECK(state_of(report, "ip-forward-ipv4") == CheckState::failed);
  CHECK(state_of(report, "ip-forward-ipv6") == CheckState::info);
  CHECK(state_of(report, "kube-proxy") == CheckState::failed);
  CHECK(state_of(report, "other-enforcers") == CheckState::warning);
  CHECK(blockers_of(report) == std::vector<std::string>{"kube-proxy"});
  CHECK(must_run(look + "cat /proc/net/netfilter/nfnetlink_log") == before);

  must_run("ip link del kube-ipvs0 && nft flush ruleset && sysctl -qw net.ipv4.ip_forward=1");
  must_run("ip link set dev cni0 type bridge nf_call_iptables 1 nf_call_ip6tables 1");
  const PreflightReport mended = run_preflight(with_group(4712));
  INFO(to_table(mended));
  CHECK_FALSE(mended.failed());
  CHECK(state_of(mended, "bridge cni0") == CheckState::ok);
  CHECK(state_of(mended, "ip-forward-ipv4") == CheckState::ok);
  CHECK(state_of(mended, "other-enforcers") == CheckState::ok);
  CHECK(state_of(mended, "nflog") == CheckState::ok);
}

TEST_CASE("policies of other APIs are a warning; unknown where they cannot be counted") {
  CHECK(judge_other_policies(std::vector<std::string>{}).state == CheckState::ok);
  const PreflightItem found = judge_other_policies(std::vector<std::string>{"5 of one kind", "1 of another"});
  CHECK(found.state == CheckState::warning);
  CHECK(found.seen == "5 of one kind; 1 of another");
  CHECK_FALSE(found.fix.empty());
  CHECK_FALSE(found.enforcement);
  CHECK(judge_other_policies(fail("no kubeconfig")).state == CheckState::unknown);
}

}  // namespace selvage::testing
