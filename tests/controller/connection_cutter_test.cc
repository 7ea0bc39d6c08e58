#include "tests/controller/cutter_node.h"

/// Which flows are cut, and when the connection table is read.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;
using Node = CutterNode;

TEST_CASE("flows that an ingress policy denies are cut, others are not") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080), flow("bbbb", kWorld, kApi, 8080), flow("cccc", kApi, kWeb, 80),
                flow("dddd", kWeb, kDb, 5432)};
  node.sync({deny(no_ingress())});
  const auto report = node.run();
  CHECK(report.flows == 4);
  CHECK(report.added == 2);
  CHECK(report.removed == 0);
  CHECK(report.cut == 2);
  CHECK(node.cut() == Ids{"aaaa", "bbbb"});
}

TEST_CASE("flows that an egress policy denies are cut, others are not") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080), flow("bbbb", kWeb, kWorld, 443), flow("cccc", kApi, kWeb, 80)};
  node.sync({deny(no_egress())});
  node.run();
  CHECK(node.cut() == Ids{"aaaa", "bbbb"});
}

TEST_CASE("a flow that policy allows is not cut, on another port it is") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080), flow("bbbb", kWeb, kApi, 8081)};
  node.sync({deny(
      ingress_policy("prod/in", where({is("app", "api")}), {allow_anyone({port(policy::Protocol::tcp, 8080)})}))});
  node.run();
  CHECK(node.cut() == Ids{"bbbb"});
}

TEST_CASE("flows of no pod of this node are none of our business") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWorld, kNodeAddress, 22), flow("bbbb", kProm, kFar, 80), flow("cccc", kWorld, kFar, 80)};
  node.sync({deny(both_policy("prod/deny", where(), {}, {}))});
  const auto report = node.run();
  CHECK(report.flows == 3);
  CHECK(node.cut().empty());
}

TEST_CASE("a pod that comes elsewhere is no reason to read the connection table") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync({deny(ingress_policy("prod/in", where({is("app", "api")}), {allow({pods(where({is("app", "web")}))})}))});
  node.run();
  node.run();
  const int before = node.readings;
  const auto plans = kernel.plans.size();
  node.sync({policy::upsert(pod("prod/web-9", {{"app", "web"}}, {"10.244.2.50"}, "node-b"))});
  CHECK(kernel.plans.size() == plans + 1);
  CHECK(node.cutter().due() > node.now);
  CHECK(node.readings == before);
}

TEST_CASE("a flow that is allowed again is released") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080)};
  node.sync({deny(no_ingress())});
  node.run();
  REQUIRE(node.cut() == Ids{"aaaa"});
  node.sync({policy::removal(policy::key_of(no_ingress()))});
  const auto report = node.run();
  CHECK(report.removed == 1);
  CHECK(report.cut == 0);
  CHECK(node.cut().empty());
}

TEST_CASE("a flow missed by one reading stays cut, missed twice it is gone") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080), flow("bbbb", kWeb, kApi, 8080)};
  node.sync({deny(no_ingress())});
  node.run();
  node.flows.pop_back();
  CHECK(node.run().removed == 0);
  CHECK(node.cut() == Ids{"aaaa", "bbbb"});
  SECTION("and is there again") {
    node.flows.push_back(flow("bbbb", kWeb, kApi, 8080));
    node.run();
    node.flows.pop_back();
    CHECK(node.run().removed == 0);
    CHECK(node.cut() == Ids{"aaaa", "bbbb"});
  }
  SECTION("and is missed again") {
    CHECK(node.run().removed == 1);
    CHECK(node.cut() == Ids{"aaaa"});
  }
}

TEST_CASE("a second reading one second later finds connections that slipped through while the policy changed") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync({deny(no_ingress())});
  const Moment changed = node.now;
  CHECK(node.cutter().due() == changed);
  node.run();
  CHECK(node.cutter().due() >= changed + 1s);
  node.flows = {flow("aaaa", kWeb, kApi, 8080)};
  CHECK(node.run().added == 1);
  CHECK(node.cut() == Ids{"aaaa"});
}

TEST_CASE("when nothing is cut and the second look is done nothing is due for long") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync({deny(no_ingress())});
  node.run();
  node.run();
  REQUIRE(node.cutter().due());
  CHECK(*node.cutter().due() - node.now >= 10min);
}

TEST_CASE("a cut flow that goes on is written again before the kernel forgets it") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080)};
  node.sync({deny(no_ingress())});
  node.run();
  const Moment cut_at = node.now;
  node.run();
  REQUIRE(node.cutter().due());
  const auto plans = kernel.plans.size();
  while (kernel.plans.size() == plans) node.run();
  CHECK(node.now > cut_at);
  CHECK(node.now - cut_at < *node.set().spec.timeout);
  REQUIRE(kernel.plans.size() == plans + 1);
  const auto& change = kernel.plans.back().tables.at(controller::kInetTable).elements.at("cut");
  CHECK(change.add.count({"aaaa", {}}) == 1);
  CHECK(change.del.count({"aaaa", {}}) == 1);
  CHECK(node.cut() == Ids{"aaaa"});
  CHECK(node.cutter().due());
}

}  // namespace
}  // namespace selvage::testing
