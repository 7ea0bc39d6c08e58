#include <catch2/catch.hpp>
#include <csignal>

#include "tests/cli/program.h"

namespace selvage::testing {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("--once enforces the folder's policies and exits with 0") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  node.write("deny.yaml", deny_text("web"));
  const Ended ended = node.once();
  INFO(ended.text);
  CHECK(ended.status == 0);
  CHECK(holds(node.shell("nft list set inet selvage ingress-isolated4"), "10.244.1.2"));
  CHECK(holds(node.shell("nft list tables"), "table bridge selvage"));
  const std::string before = node.shell("nft -a list ruleset");
  CHECK(node.once().status == 0);
  CHECK(node.shell("nft -a list ruleset") == before);
}

TEST_CASE("--once with a bad manifest names it, enforces the rest and exits with 3") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  node.write("deny.yaml", deny_text("web"));
  node.write("bad.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: [wrong]}\n");
  const Ended ended = node.once();
  INFO(ended.text);
  CHECK(ended.status == 3);
  CHECK(ended.says("bad.yaml"));
  CHECK(holds(node.shell("nft list set inet selvage ingress-isolated4"), "10.244.1.2"));
}

TEST_CASE("a manifest that becomes malformed keeps its pods isolated") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  node.write("deny.yaml", deny_text("web"));
  REQUIRE(node.once().status == 0);
  node.write("deny.yaml", deny_text("web") + "\n : - [");
  CHECK(node.once().status == 3);
  CHECK(holds(node.shell("nft list set inet selvage ingress-isolated4"), "10.244.1.2"));
  node.write("deny.yaml", "# no longer\n");
  CHECK(node.once().status == 0);
  CHECK_FALSE(holds(node.shell("nft list set inet selvage ingress-isolated4"), "10.244.1.2"));
}

TEST_CASE("--once without the folder names it, exits with 1 and changes nothing") {
  const TestNode node;
  const std::string missing = node.files.path("missing");
  const Ended ended = node.selvage({"agent", "--manifests", missing, "--node", "n1", "--once"});
  INFO(ended.text);
  CHECK(ended.status == 1);
  CHECK(ended.says(missing));
  CHECK(node.tables().empty());
}

TEST_CASE("without CAP_NET_ADMIN agent and cleanup exit with 1 and name the capability") {
  const TestNode node;
  const lab::Argv without = {"setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"};
  for (const Ended& ended :
       {node.once({}, without), node.once({"--dry-run"}, without), node.selvage({"cleanup"}, without)}) {
    INFO(ended.text);
    CHECK(ended.status == 1);
    CHECK(ended.says("CAP_NET_ADMIN"));
  }
  CHECK(node.tables().empty());
}

TEST_CASE("the agent needs only CAP_NET_ADMIN") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  node.shell("ip link add cni0 type bridge");
  const Ended ended = node.once({}, {"setpriv", "--bounding-set=-all,+net_admin", "--inh-caps=-all"});
  INFO(ended.text);
  CHECK(ended.status == 0);
  CHECK(holds(node.tables(), "10.244.1.2"));
  CHECK(holds(node.shell("ip -d link show dev cni0"), "nf_call_iptables 1"));
}

TEST_CASE("--once commits, gives a reason and exits with 4 where bridged traffic cannot pass nftables") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  const Ended ended =
      node.once({}, {"unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc/sys/net && exec \"$@\"", "sh"});
  INFO(ended.text);
  CHECK(ended.status == 4);
  CHECK(ended.says("br_netfilter"));
  CHECK(holds(node.tables(), "10.244.1.2"));
}

TEST_CASE("a dry run prints the tables and changes nothing") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  const Ended ended = node.once({"--dry-run"});
  INFO(ended.text);
  CHECK(ended.status == 0);
  CHECK(ended.says("table inet selvage"));
  CHECK(ended.says("10.244.1.2"));
  CHECK(node.tables().empty());
}

TEST_CASE("SIGTERM and SIGINT stop an agent with exit code 0, and the tables stay") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  Follower follower(node);
  REQUIRE(follower.says("committed"));
  CHECK(follower.stop(GENERATE(SIGTERM, SIGINT)) == 0);
  INFO(follower.text());
  CHECK(holds(node.tables(), "10.244.1.2"));
}

TEST_CASE("an agent follows changes of its folder") {
  const TestNode node;
  node.write("web.yaml", pod_text("web", "10.244.1.2"));
  Follower follower(node);
  REQUIRE(follower.says("committed the difference"));
  CHECK_FALSE(holds(node.shell("nft list set inet selvage ingress-isolated4"), "10.244.1.2"));
  node.write("deny.yaml", deny_text("web"));
  REQUIRE(follower.says("policy prod/deny-web added: isolates 1 pod of this node"));
  CHECK(holds(node.shell("nft list set inet selvage ingress-isolated4"), "10.244.1.2"));
}

TEST_CASE("an agent waits for its folder and commits nothing before") {
  const TestNode node;
  node.files.remove("manifests");
  Follower follower(node);
  REQUIRE(follower.says(node.manifests()));
  REQUIRE(follower.says("stays as it is"));
  CHECK(node.tables().empty());
  node.files.make_folder("staged");
  node.files.write("staged/pod.yaml", pod_text("web", "10.244.1.2"));
  node.files.rename("staged", "manifests");
  REQUIRE(follower.says("committed"));
  CHECK(holds(node.tables(), "10.244.1.2"));
}

TEST_CASE("an agent takes in a bridge that is added later") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  Follower follower(node);
  REQUIRE(follower.says("committed the difference"));
  node.shell("ip link add podbr7 type bridge && ip addr add 10.244.1.1/24 dev podbr7");
  REQUIRE(follower.says("podbr7"));
  CHECK(holds(node.shell("ip -d link show dev podbr7"), "nf_call_ip6tables 1"));
  CHECK(follower.stop(SIGTERM) == 0);
  CHECK(holds(node.shell("nft list set inet selvage pod-bridges"), "podbr7"));
}

TEST_CASE("cleanup removes its own tables only, and can be repeated") {
  const TestNode node;
  node.shell("nft add table inet foreign");
  REQUIRE(node.once().status == 0);
  REQUIRE(holds(node.tables(), "selvage"));
  for (int i = 0; i < 2; ++i) {
    const Ended ended = node.selvage({"cleanup"});
    INFO(ended.text);
    CHECK(ended.status == 0);
    CHECK(node.shell("nft list tables") == "table inet foreign\n");
  }
}

TEST_CASE("every line of a JSON log is JSON") {
  const TestNode node;
  node.write("pod.yaml", pod_text("web", "10.244.1.2"));
  node.write("bad \"quoted\".yaml", "kind: [\n");
  REQUIRE(node.once({"--log-format", "json"}).status == 3);
  const std::string read =
      node.shell("python3 -c 'import json, sys\nfor line in open(sys.argv[1]): print(json.loads(line)[\"message\"])' " +
                 node.files.path("run.log"));
  CHECK(holds(read, "bad \"quoted\".yaml"));
  CHECK(holds(read, "committed"));
}

}  // namespace
}  // namespace selvage::testing
