#include <catch2/catch.hpp>
#include <csignal>

#include "tests/cli/program.h"

/// `selvage verify`: compares a node's tables with the desired ones.
namespace selvage::testing {
namespace {

/// A node with the tables of a stopped agent, which isolate the pod web.
struct EnforcedNode : TestNode {
  EnforcedNode() {
    write("pod.yaml", pod_text("web", "10.244.1.2"));
    write("deny.yaml", deny_text("web"));
    REQUIRE(once().status == 0);
  }
  [[nodiscard]] Ended verify(const lab::Argv& more = {}, const lab::Argv& wrapper = {}) const {
    lab::Argv arguments = {"verify", "--manifests", manifests(), "--node", "n1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return selvage(arguments, wrapper);
  }
};

/// Verify exits with 5, names `part`, and changes nothing.
void check_divergent(const EnforcedNode& node, const std::string& part) {
  const std::string before = node.tables();
  const Ended ended = node.verify();
  INFO(ended.text);
  CHECK(ended.status == 5);
  CHECK(ended.says(part));
  CHECK(node.tables() == before);
}

}  // namespace

TEST_CASE("verify accepts the tables of a stopped agent, and changes nothing") {
  const EnforcedNode node;
  const std::string before = node.shell("nft -a list ruleset");
  const Ended ended = node.verify();
  INFO(ended.text);
  CHECK(ended.status == 0);
  CHECK(node.shell("nft -a list ruleset") == before);
  const Ended json = node.verify({"-o", "json", "--seed", "7", "--log-format", "json"});
  INFO(json.text);
  CHECK(json.status == 0);
  CHECK(json.says("{\"divergent\":0,\"seed\":7,"));
}

TEST_CASE("verify exits with 5 and names differences for changed and missing tables") {
  const EnforcedNode node;
  SECTION("an element is deleted") {
    node.shell("nft delete element inet selvage ingress-isolated4 { 10.244.1.2 }");
    check_divergent(node, "ingress-isolated4 { 10.244.1.2");
  }
  SECTION("a foreign rule lets denied packets pass") {
    node.shell("nft insert rule inet selvage forward ip daddr 10.244.1.2 accept");
    check_divergent(node, "forward: ip daddr 10.244.1.2 accept");
    CHECK(node.verify().says("10.244.1.2 "));
    CHECK(node.verify().says("passes, policy says otherwise"));
  }
  SECTION("the tables are gone") {
    node.shell("nft flush ruleset");
    check_divergent(node, "table");
  }
  SECTION("the pod has another address than the tables know") {
    node.write("pod.yaml", pod_text("web", "10.244.1.3"));
    check_divergent(node, "10.244.1.3");
  }
}

TEST_CASE("verify ignores cut connections and counters") {
  const EnforcedNode node;
  node.shell("nft add element inet selvage cut { 17 timeout 5m }");
  const Ended ended = node.verify();
  INFO(ended.text);
  CHECK(ended.status == 0);
}

TEST_CASE("verify works beside an agent that owns the tables, and uses the same options") {
  const TestNode plain;
  plain.write("pod.yaml", pod_text("web", "10.244.1.2"));
  plain.write("deny.yaml", deny_text("web"));
  plain.shell("ip link add podbr7 type bridge && ip addr add 10.244.1.1/24 dev podbr7");
  const lab::Argv arguments = {"verify", "--manifests", plain.manifests(), "--node", "n1"};
  Follower follower(plain);
  REQUIRE(follower.says("committed"));
  const Ended beside = plain.selvage(arguments);
  INFO(beside.text);
  CHECK(beside.status == 0);
  CHECK(follower.stop(SIGTERM) == 0);
  CHECK(plain.selvage(arguments).status == 0);
  lab::Argv dropping = arguments;
  dropping.insert(dropping.end(), {"--pod-bridge", "podbr8"});
  CHECK(plain.selvage(dropping).status == 5);
}

TEST_CASE("verify accepts the agent's config file") {
  const EnforcedNode node;
  const std::string config =
      node.config("manifests: " + node.manifests() + "\nnode: n1\nonce: true\ntable-owner: auto\n");
  const Ended ended = node.selvage({"verify", "--config", config});
  INFO(ended.text);
  CHECK(ended.status == 0);
  CHECK(node.selvage({"verify", "--config", node.config("node: n1\nnods: x\n")}).status == 2);
}

TEST_CASE("verify exits with 1 and a reason where it cannot read tables or objects") {
  const EnforcedNode node;
  const Ended without = node.verify({}, {"setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"});
  INFO(without.text);
  CHECK(without.status == 1);
  CHECK(without.says("CAP_NET_ADMIN"));
  const std::string missing = node.files.path("missing");
  const Ended nothing = node.selvage({"verify", "--manifests", missing, "--node", "n1"});
  INFO(nothing.text);
  CHECK(nothing.status == 1);
  CHECK(nothing.says(missing));
}

TEST_CASE("a wrong command line of verify is refused") {
  const EnforcedNode node;
  CHECK(node.selvage({"verify", "--manifests", node.manifests()}).status == 2);
  CHECK(node.verify({"--once"}).status == 2);
  CHECK(node.verify({"-o", "yaml"}).status == 2);
}

}  // namespace selvage::testing
