#include "tests/controller/cutter_node.h"

/// When packets of established connections need not be judged.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kTcp = 6;
constexpr unsigned kUdp = 17;
constexpr unsigned kSctp = 132;
const std::set<unsigned> kAll = {kTcp, kUdp, kSctp};

policy::NetworkPolicy web_alone() {
  return ingress_policy("prod/in", where({is("app", "api")}), {allow({pods(where({is("app", "web")}))})});
}

/// A node with one connection that policy allows, looked at twice.
struct Quiet {
  RecordingKernel kernel;
  CutterNode node{kernel};

  Quiet() {
    node.flows = {flow("aaaa", kWeb, kApi, 8080)};
    node.sync({deny(web_alone())});
    look_twice();
    REQUIRE(node.settled() == kAll);
  }
  void look_twice() {
    node.run();
    node.run();
  }
  /// What the last plan takes out of the set.
  std::size_t taken_out() {
    const auto& elements = kernel.plans.back().tables.at(controller::kInetTable).elements;
    const auto change = elements.find(std::string(controller::kSettled));
    return change == elements.end() ? 0 : change->second.remove.size();
  }
};

TEST_CASE("one look settles nothing, a second one a second later does") {
  RecordingKernel kernel;
  CutterNode node(kernel);
  node.sync({deny(no_ingress())});
  node.run();
  CHECK(node.settled().empty());
  REQUIRE(node.reconciler.judge_connections(node.now + 10ms));
  CHECK(node.settled().empty());
  node.now += 1s;
  node.run();
  CHECK(node.settled() == kAll);
}

TEST_CASE_METHOD(Quiet, "what may deny something has each packet judged again, in the same transaction") {
  const auto before = kernel.plans.size();
  SECTION("a pod is isolated") { node.sync({deny(no_egress())}); }
  SECTION("a policy allows less") {
    node.sync({deny(
        ingress_policy("prod/in", where({is("app", "api")}), {allow_anyone({port(policy::Protocol::tcp, 8080)})}))});
  }
  SECTION("a peer goes") { node.sync({policy::removal(policy::key_of(pod("prod/web-0", {}, {}, kNode)))}); }
  SECTION("a peer's labels change") {
    node.sync({policy::upsert(pod("prod/web-0", {{"app", "other"}}, {kWeb, kWeb6}, kNode))});
  }
  SECTION("the edge closes") {
    auto options = node.reconciler.options();
    options.unknown_pods = controller::UnknownPods::drop;
    node.reconciler.set_options(options);
    node.sync();
  }
  SECTION("a pod comes to this node") {
    node.sync({policy::upsert(pod("prod/cache-0", {{"app", "cache"}}, {"10.244.1.50"}, kNode))});
  }
  SECTION("others touched the tables") {
    node.reconciler.distrust(node.now);
    node.sync();
  }
  REQUIRE(kernel.plans.size() == before + 1);
  CHECK(taken_out() == kAll.size());
  CHECK(node.settled().empty());
  look_twice();
}

TEST_CASE_METHOD(Quiet, "what only lets more pass leaves it as it is") {
  const auto before = kernel.plans.size();
  SECTION("a pod comes elsewhere") {
    node.sync({policy::upsert(pod("prod/web-9", {{"app", "web"}}, {"10.244.2.50"}, "node-b"))});
  }
  SECTION("a peer comes that is allowed more") {
    node.sync({policy::upsert(pod("dev/web-9", {{"app", "web"}}, {"10.244.2.51"}, "node-b")),
               policy::upsert(pod("prod/web-8", {{"app", "web"}}, {"10.244.2.52"}, "node-b"))});
  }
  CHECK(kernel.plans.size() > before);
  CHECK(node.settled() == kAll);
}

TEST_CASE_METHOD(Quiet, "while a connection is cut, packets of its protocol are judged each") {
  node.sync({deny(no_ingress())});
  CHECK(node.settled().empty());
  look_twice();
  CHECK(node.cut() == Ids{"aaaa"});
  CHECK(node.settled() == std::set<unsigned>{kUdp, kSctp});

  // One reading may have missed it.
  node.flows.clear();
  node.run();
  CHECK(node.settled() == std::set<unsigned>{kUdp, kSctp});
  node.run();
  CHECK(node.cut().empty());
  CHECK(node.settled() == kAll);
}

TEST_CASE_METHOD(Quiet, "a denied connection that was missed before ends it when it is found") {
  node.flows.push_back(flow("bbbb", kDb, kApi, 8080));
  node.now += 1s;
  REQUIRE(node.reconciler.judge_connections(node.now));
  CHECK(node.cut() == Ids{"bbbb"});
  CHECK(node.settled() == std::set<unsigned>{kUdp, kSctp});
}

TEST_CASE_METHOD(Quiet, "what another agent left in the set is taken out like one's own") {
  CutterNode next(kernel);
  next.flows = node.flows;
  next.reconciler.apply({deny(web_alone())});
  next.sync();
  CHECK(next.settled() == kAll);
  next.sync({deny(no_egress())});
  CHECK(next.settled().empty());
}

TEST_CASE("nothing is settled while not all is known or not all is enforced") {
  RecordingKernel kernel;
  CutterNode node(kernel);
  SECTION("objects may be missing") { node.reconciler.set_complete(false); }
  SECTION("packets that policies let pass are counted") {
    auto options = node.reconciler.options();
    options.policy_counters = true;
    node.reconciler.set_options(options);
  }
  node.sync({deny(no_ingress())});
  SECTION("a change waits") { node.reconciler.apply({deny(no_egress())}); }
  node.run();
  node.run();
  CHECK(node.settled().empty());
}

TEST_CASE("denied connections of unknown addresses behind pod bridges are cut, and keep no protocol out") {
  RecordingKernel kernel;
  CutterNode node(kernel);
  node.cutter().set_pod_subnets({IpPrefix::parse("10.244.1.0/24").value()});
  node.flows = {flow("gone", "10.244.1.77", kApi, 80), flow("all0", "10.244.1.77", "10.244.1.255", 80)};
  node.sync({deny(no_ingress())});
  node.run();
  node.run();
  CHECK(node.cut() == Ids{"gone"});
  CHECK(node.settled() == kAll);
  // A peer elsewhere that is gone does: its packets would not be judged.
  node.flows.push_back(flow("far0", "10.244.2.77", kApi, 80));
  node.run();
  CHECK(node.settled() == std::set<unsigned>{kUdp, kSctp});
}

TEST_CASE_METHOD(Quiet, "protocols that somebody else put in are taken out with the next reading") {
  node.set(controller::kSettled).elements[{std::string(1, '\x01'), {}}] = {};
  CutterNode next(kernel);
  next.flows = node.flows;
  next.reconciler.apply({deny(web_alone())});
  next.sync();
  next.run();
  CHECK(next.settled() == kAll);
}

}  // namespace
}  // namespace selvage::testing
