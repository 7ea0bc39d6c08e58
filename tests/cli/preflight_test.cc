#include <catch2/catch.hpp>

#include "tests/cli/program.h"

/// `selvage preflight` on faulty nodes.
namespace selvage::testing {
namespace {

/// The state of an item in the JSON output, as Python reads it.
std::string state_in_json(const TestNode& node, const std::string& item, const lab::Argv& wrapper = {}) {
  const Ended ended = node.selvage({"preflight", "-o", "json"}, wrapper);
  node.files.write("answer.json", ended.text);
  return node.shell("python3 -c 'import json, sys\nreport = json.load(open(sys.argv[1]))\n" +
                    std::string("assert report[\"failed\"] == bool(int(sys.argv[3]))\n") +
                    "for item in report[\"items\"]:\n  if item[\"name\"] == sys.argv[2]: print(item[\"state\"])' " +
                    node.files.path("answer.json") + " '" + item + "' " + std::to_string(ended.status));
}

}  // namespace

TEST_CASE("preflight passes on a node without bridges and changes nothing") {
  const TestNode node;
  const Ended ended = node.selvage({"preflight"});
  INFO(ended.text);
  CHECK(ended.status == 0);
  for (const char* name : {"kernel", "capabilities", "nf_tables", "br_netfilter", "bridge cni0"})
    CHECK(ended.says(name));
  CHECK(node.tables().empty());
  CHECK(state_in_json(node, "nf_tables") == "ok\n");
  CHECK(state_in_json(node, "bridge cni0") == "info\n");
}

TEST_CASE("preflight names policies of other APIs in a folder, which are not enforced") {
  const TestNode node;
  node.write("a.yaml", "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\n");
  const Ended ended = node.selvage({"preflight", "--manifests", node.files.path("manifests")});
  INFO(ended.text);
  CHECK(ended.status == 0);
  CHECK(ended.says("1 CiliumNetworkPolicy object is not enforced"));
  CHECK(ended.says("other-policies"));
}

TEST_CASE("preflight without capabilities, as root and as another user, names what is missing and exits with 1") {
  const TestNode node;
  for (const lab::Argv& wrapper : {lab::Argv{"setpriv", "--bounding-set=-all", "--inh-caps=-all"},
                                   lab::Argv{"setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid=65534",
                                             "--regid=65534", "--clear-groups"}}) {
    const Ended ended = node.selvage({"preflight"}, wrapper);
    INFO(ended.text);
    CHECK(ended.status == 1);
    CHECK(ended.says("CAP_NET_ADMIN"));
    CHECK(ended.says("fix: "));
    CHECK(state_in_json(node, "capabilities", wrapper) == "failed\n");
    CHECK(state_in_json(node, "nf_tables", wrapper) == "unknown\n");
  }
}

TEST_CASE("preflight needs only CAP_NET_ADMIN") {
  const TestNode node;
  const lab::Argv wrapper = {"setpriv", "--bounding-set=-all,+net_admin", "--inh-caps=-all"};
  CHECK(state_in_json(node, "capabilities", wrapper) == "ok\n");
  CHECK(state_in_json(node, "nf_tables", wrapper) == "ok\n");
}

TEST_CASE("preflight names a bridge whose flags are off and does not change them") {
  const TestNode node;
  node.shell("ip link add podbr7 type bridge nf_call_iptables 0");
  const lab::Argv without = {"setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"};
  CHECK(node.selvage({"preflight", "--pod-bridge", "podbr7"}).status == 0);
  const Ended ended = node.selvage({"preflight", "--pod-bridge", "podbr7"}, without);
  INFO(ended.text);
  CHECK(ended.status == 1);
  CHECK(ended.says("nf_call_iptables"));
  CHECK(node.shell("ip -d link show dev podbr7").find("nf_call_iptables 0") != std::string::npos);
}

TEST_CASE("preflight fails where br_netfilter is missing") {
  const TestNode node;
  const Ended ended = node.selvage(
      {"preflight"}, {"unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc/sys/net && exec \"$@\"", "sh"});
  INFO(ended.text);
  CHECK(ended.status == 1);
  CHECK(ended.says("modprobe br_netfilter"));
}

TEST_CASE("preflight fails for kube-proxy in IPVS mode unless --allow-ipvs is set") {
  const TestNode node;
  node.shell("ip link add kube-ipvs0 type bridge");
  CHECK(node.selvage({"preflight"}).status == 1);
  CHECK(state_in_json(node, "kube-proxy") == "failed\n");
  const Ended allowed = node.selvage({"preflight", "--allow-ipvs"});
  INFO(allowed.text);
  CHECK(allowed.status == 0);
  CHECK(allowed.says("kube-ipvs0"));
}

TEST_CASE("a wrong command line of preflight is refused") {
  const TestNode node;
  CHECK(node.selvage({"preflight", "-o", "yaml"}).status == 2);
  CHECK(node.selvage({"preflight", "--log-denied-group", "65536"}).status == 2);
}

}  // namespace selvage::testing
