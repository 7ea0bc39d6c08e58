#include <sstream>

#include "controller/sync/dry_run_kernel.h"
#include "nft/model/fields.h"
#include "tests/controller/cutter_node.h"

/// When packets of established connections need not be judged.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

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
    REQUIRE(node.fast_path() == node.pods_without({}));
  }
  void look_twice() {
    node.run();
    node.run();
  }
  /// The number of states that the last plan removes from the set.
  std::size_t taken_out() {
    const auto& elements = kernel.plans.back().tables.at(controller::kInetTable).elements;
    const auto change = elements.find(std::string(controller::kFastpathState));
    return change == elements.end() ? 0 : change->second.del.size();
  }
};

TEST_CASE("one reading puts no pod on the fast path, a second one a second later does") {
  RecordingKernel kernel;
  CutterNode node(kernel);
  node.sync({deny(no_ingress())});
  node.run();
  CHECK(node.fast_path().empty());
  REQUIRE(node.reconciler.judge_connections(node.now + 10ms));
  CHECK(node.fast_path().empty());
  node.now += 1s;
  node.run();
  CHECK(node.fast_path() == node.pods_without({}));
}

TEST_CASE_METHOD(Quiet, "a plan that may deny traffic disables the fast path in the same transaction") {
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
  SECTION("unknown endpoints are dropped") {
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
  CHECK(taken_out() == 1);
  CHECK(node.fast_path().empty());
  look_twice();
}

TEST_CASE_METHOD(Quiet, "a plan that only allows more leaves the fast path on") {
  const auto before = kernel.plans.size();
  SECTION("a pod comes elsewhere") {
    node.sync({policy::upsert(pod("prod/web-9", {{"app", "web"}}, {"10.244.2.50"}, "node-b"))});
  }
  SECTION("a peer comes that is allowed more") {
    node.sync({policy::upsert(pod("dev/web-9", {{"app", "web"}}, {"10.244.2.51"}, "node-b")),
               policy::upsert(pod("prod/web-8", {{"app", "web"}}, {"10.244.2.52"}, "node-b"))});
  }
  CHECK(kernel.plans.size() > before);
  CHECK(node.fast_path() == node.pods_without({}));
}

TEST_CASE_METHOD(Quiet, "while a connection is cut, packets of its pods are judged each, of others not") {
  node.sync({deny(no_ingress())});
  CHECK(node.fast_path().empty());
  look_twice();
  CHECK(node.cut() == Ids{"aaaa"});
  CHECK(node.fast_path() == node.pods_without({kWeb, kApi}));

  // One reading may have missed it.
  node.flows.clear();
  node.run();
  CHECK(node.fast_path() == node.pods_without({kWeb, kApi}));
  node.run();
  CHECK(node.cut().empty());
  CHECK(node.fast_path() == node.pods_without({}));
}

TEST_CASE_METHOD(Quiet, "a denied connection that was missed before leaves its pods out when it is found") {
  node.flows.push_back(flow("bbbb", kDb, kApi, 8080));
  node.now += 1s;
  REQUIRE(node.reconciler.judge_connections(node.now));
  CHECK(node.cut() == Ids{"bbbb"});
  CHECK(node.fast_path() == node.pods_without({kDb, kApi}));
}

TEST_CASE_METHOD(Quiet, "a cut connection of which nothing is known leaves all out, until it is seen or gone") {
  node.sync({deny(no_ingress())});
  look_twice();
  CutterNode next(kernel);
  next.reconciler.apply({deny(no_ingress())});
  next.sync();
  next.run();
  CHECK(next.fast_path().empty());
  SECTION("seen") { next.flows = {flow("aaaa", kWeb, kApi, 8080)}; }
  SECTION("gone") { next.flows = {}; }
  const Addresses left_out = next.flows.empty() ? Addresses{} : Addresses{kWeb, kApi};
  next.run();
  CHECK(next.fast_path() == next.pods_without(left_out));
}

TEST_CASE_METHOD(Quiet, "pods that another agent left in the sets are not trusted") {
  CutterNode next(kernel);
  next.flows = node.flows;
  next.reconciler.apply({deny(web_alone())});
  next.sync();
  CHECK(next.fast_path().empty());
  next.run();
  next.run();
  CHECK(next.fast_path() == next.pods_without({}));
}

TEST_CASE_METHOD(Quiet, "a dry run does not print it") {
  std::ostringstream out;
  controller::DryRunKernel dry_run(&kernel, out);
  controller::Reconciler next(dry_run, [](const auto&) { return Result<void>(); }, kNode, {});
  for (const auto& object : world_with({web_alone()})) next.apply({policy::upsert(object)});
  REQUIRE(next.sync(node.now));
  CHECK(out.str().find("# nothing to change") != std::string::npos);
}

TEST_CASE_METHOD(Quiet, "nor are sets that another program touched while a change waits") {
  kernel.refuse_commits = true;
  node.reconciler.apply({policy::upsert(pod("prod/web-9", {{"app", "web"}}, {"10.244.2.50"}, "node-b"))});
  CHECK_FALSE(node.reconciler.sync(node.now));
  kernel.refuse_commits = false;
  node.reconciler.distrust(node.now);
  node.now += 10s;
  node.sync();
  CHECK(node.fast_path().empty());
}

TEST_CASE_METHOD(Quiet, "after a commit with an unknown outcome, no pod is on the fast path") {
  node.sync({deny(no_egress())});
  node.run();
  SECTION("the answer was lost, and the tables cannot be read") {
    kernel.lose_answers = true;
    kernel.refuse_reads = true;
  }
  SECTION("the connection table cannot be read") { node.table_unreadable = true; }
  CHECK_FALSE(node.try_run());
  kernel.lose_answers = false;
  kernel.refuse_reads = false;
  node.table_unreadable = false;
  node.sync({deny(no_ingress())});
  CHECK(node.fast_path().empty());
}

TEST_CASE(
    "a forged connection from a pod to itself is cut and takes it off the fast path; one through a Service is not") {
  RecordingKernel kernel;
  CutterNode node(kernel);
  node.flows = {flow("fake", kApi, kApi, 80), flow("self", kApi6, kApi6, 80), flow("free", kDb, kDb, 80)};
  node.flows[1].translated = true;
  node.sync({deny(no_ingress())});
  node.run();
  node.run();
  CHECK(node.cut() == Ids{"fake"});
  CHECK(node.fast_path() == node.pods_without({kApi}));
}

TEST_CASE("two connections under one id leave out the pods of both") {
  RecordingKernel kernel;
  CutterNode node(kernel);
  node.flows = {flow("same", kDb, kApi, 80), flow("same", kWeb, kApi, 80)};
  node.sync({deny(no_ingress())});
  node.run();
  node.run();
  CHECK(node.fast_path() == node.pods_without({kDb, kWeb, kApi}));
}

TEST_CASE("no pod is on the fast path while not all is known or not all is enforced") {
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
  CHECK(node.fast_path().empty());
}

TEST_CASE("a denied connection leaves out its pods of this node, wherever the other end is") {
  RecordingKernel kernel;
  CutterNode node(kernel);
  node.flows = {flow("gone", "10.244.1.77", kApi, 80), flow("far0", "10.244.2.77", kApi6, 80)};
  node.sync({deny(no_ingress())});
  node.run();
  node.run();
  CHECK(node.cut() == Ids{"gone", "far0"});
  CHECK(node.fast_path() == node.pods_without({kApi, kApi6}));
}

TEST_CASE_METHOD(Quiet,
                 "a pod that goes and comes back is on the fast path when its connections were looked at again") {
  const auto web = policy::key_of(pod("prod/web-0", {}, {}, kNode));
  node.sync({policy::removal(web)});
  look_twice();
  CHECK(node.fast_path() == node.pods_without({kApi}));
  node.sync({policy::upsert(pod("prod/web-0", {{"app", "web"}}, {kWeb, kWeb6}, kNode))});
  CHECK(node.fast_path().empty());
  look_twice();
  CHECK(node.fast_path() == node.pods_without({}));
}

TEST_CASE_METHOD(Quiet, "additions of other programs to the sets are removed after the next readings") {
  node.set(controller::kFastpathState).elements[{nft::host_order(8), {}}] = {};  // new
  node.set(controller::fastpath_pods_set(IpFamily::v4)).elements[{address("10.244.1.99").key(), {}}] = {};
  CutterNode next(kernel);
  next.flows = node.flows;
  next.reconciler.apply({deny(web_alone())});
  next.sync();
  next.run();
  next.run();
  CHECK(next.fast_path() == next.pods_without({}));
  CHECK(next.set(controller::kFastpathState).elements.size() == 1);
}

}  // namespace
}  // namespace selvage::testing
