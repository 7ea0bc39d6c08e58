#include <catch2/catch.hpp>

#include "controller/node/node_bridges.h"
#include "controller/node/pod_bridges.h"
#include "tests/controller/log_capture.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/netns.h"
#include "tests/support/policy_cases.h"
#include "tests/support/shell.h"

/// Which bridges count as pods', and that their traffic comes by our hooks.
namespace selvage::testing {
namespace {

using controller::find_pod_bridges;
using controller::NodeBridges;
using Names = std::vector<std::string>;

host::Bridge bridge(std::string name, std::initializer_list<const char*> subnets) {
  host::Bridge result;
  result.name = std::move(name);
  for (const char* subnet : subnets) result.subnets.push_back(*IpPrefix::parse(subnet));
  return result;
}

Names found(const std::vector<host::Bridge>& bridges, const std::vector<policy::Object>& objects) {
  return find_pod_bridges(bridges, policy::compile(objects, kNode)->result());
}

TEST_CASE("Flannel's bridge counts before it is there") {
  CHECK(found({}, {}) == Names{"cni0"});
  CHECK(found({}, world_with({})) == Names{"cni0"});
}

TEST_CASE("a bridge counts whose subnet holds a pod of this node") {
  const auto objects = world_with({});
  CHECK(found({bridge("br1", {"10.244.1.0/24"})}, objects) == Names{"br1", "cni0"});
  CHECK(found({bridge("br6", {"fd00:244:1::/64"})}, objects) == Names{"br6", "cni0"});
  CHECK(found({bridge("zbr", {"192.168.0.0/24", "10.244.1.0/24"})}, objects) == Names{"cni0", "zbr"});
  CHECK(found({bridge("cni0", {"10.244.1.0/24"})}, objects) == Names{"cni0"});
}

TEST_CASE("a bridge does not count for pods of other nodes, host network pods, or without addresses") {
  const auto objects = world_with({});
  CHECK(found({bridge("br2", {"10.244.2.0/24"})}, objects) == Names{"cni0"});
  CHECK(found({bridge("docker0", {"172.17.0.0/16"})}, objects) == Names{"cni0"});
  CHECK(found({bridge("br0", {"192.168.0.0/24"})}, objects) == Names{"cni0"});
  CHECK(found({bridge("bare", {})}, objects) == Names{"cni0"});
}

TEST_CASE("a subnet counts by its ends, too") {
  const std::vector<policy::Object> objects = {pod("prod/a", {}, {"10.244.1.128"}, kNode)};
  CHECK(found({bridge("low", {"10.244.1.0/25"})}, objects) == Names{"cni0"});
  CHECK(found({bridge("high", {"10.244.1.128/25"})}, objects) == Names{"cni0", "high"});
  CHECK(found({bridge("one", {"10.244.1.128/32"})}, objects) == Names{"cni0", "one"});
  CHECK(found({bridge("next", {"10.244.1.129/32"})}, objects) == Names{"cni0"});
}

bool nf_call_on(const std::string& name) {
  const auto text = must_run("ip -d link show dev " + name);
  return text.find("nf_call_iptables 1") != std::string::npos && text.find("nf_call_ip6tables 1") != std::string::npos;
}

TEST_CASE("a pod bridge whose frames pass by nftables gets switched on, others are left alone") {
  const ScopedNetNs here;
  LogCapture log;
  must_run("ip link add cni0 type bridge && ip link add other0 type bridge");
  REQUIRE_FALSE(nf_call_on("cni0"));
  NodeBridges bridges(true);
  bridges.refresh();
  CHECK(bridges.bridges().size() == 2);
  CHECK(bridges.make_effective({"cni0"}));
  CHECK(nf_call_on("cni0"));
  CHECK_FALSE(nf_call_on("other0"));
  CHECK(bridges.make_effective({"cni0"}));
  CHECK(log.count("bridge cni0") == 1);
}

TEST_CASE("one flag alone is not enough") {
  const ScopedNetNs here;
  must_run("ip link add cni0 type bridge nf_call_iptables 1");
  NodeBridges bridges(true);
  bridges.refresh();
  CHECK(bridges.make_effective({"cni0"}));
  CHECK(nf_call_on("cni0"));
}

TEST_CASE("a bridge that somebody switches off is switched on again after a refresh") {
  const ScopedNetNs here;
  must_run("ip link add cni0 type bridge");
  NodeBridges bridges(true);
  bridges.refresh();
  REQUIRE(bridges.make_effective({"cni0"}));
  must_run("ip link set cni0 type bridge nf_call_iptables 0");
  bridges.refresh();
  CHECK(bridges.make_effective({"cni0"}));
  CHECK(nf_call_on("cni0"));
}

TEST_CASE("bridges that are not there are no hindrance") {
  const ScopedNetNs here;
  NodeBridges bridges(true);
  bridges.refresh();
  CHECK(bridges.bridges().empty());
  CHECK(bridges.make_effective({"cni0"}));
}

TEST_CASE("a dry run says what is missing, once, and switches nothing") {
  const ScopedNetNs here;
  LogCapture log;
  must_run("ip link add cni0 type bridge");
  NodeBridges bridges(false);
  bridges.refresh();
  CHECK_FALSE(bridges.make_effective({"cni0"}));
  CHECK_FALSE(bridges.make_effective({"cni0"}));
  CHECK_FALSE(nf_call_on("cni0"));
  CHECK(log.count("bridge cni0") == 1);
  must_run("ip link set cni0 type bridge nf_call_iptables 1 nf_call_ip6tables 1");
  bridges.refresh();
  CHECK(bridges.make_effective({"cni0"}));
}

TEST_CASE("a bridge that vanished after the refresh is named") {
  const ScopedNetNs here;
  LogCapture log;
  must_run("ip link add cni0 type bridge");
  NodeBridges bridges(true);
  bridges.refresh();
  must_run("ip link del cni0");
  CHECK_FALSE(bridges.make_effective({"cni0"}));
  CHECK(log.count("cni0") > 0);
  bridges.refresh();
  CHECK(bridges.make_effective({"cni0"}));
}

/// Whether a frame of this type between veth ports of `bridge_name` passes while a pod is isolated.
bool passes(controller::BridgeMatch match, const std::string& bridge_name, const std::string& port_kind) {
  const auto objects = world_with({both_policy("prod/deny", where(), {}, {})});
  controller::RenderOptions options;
  options.bridge_match = match;
  const nft::Ruleset ruleset = ruleset_from_scratch(objects, options);
  nft::Packet frame = on_the_way(ping(kWeb, kDev), objects, Way::bridged);
  frame.ether_type = 0x8100;
  frame.bridge = bridge_name;
  frame.iifkind = port_kind;
  return nft::trace(ruleset, frame).accepted;
}

TEST_CASE("frames of pods are known by their bridge, or by their port where the kernel cannot tell the bridge") {
  using controller::BridgeMatch;
  CHECK_FALSE(passes(BridgeMatch::bridge_name, "cni0", "veth"));
  CHECK_FALSE(passes(BridgeMatch::bridge_name, "cni0", "tun"));
  CHECK(passes(BridgeMatch::bridge_name, "virbr0", "veth"));
  CHECK_FALSE(passes(BridgeMatch::port_kind, "cni0", "veth"));
  CHECK_FALSE(passes(BridgeMatch::port_kind, "virbr0", "veth"));
  CHECK(passes(BridgeMatch::port_kind, "virbr0", "tun"));
}

}  // namespace
}  // namespace selvage::testing
