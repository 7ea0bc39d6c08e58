#include "tests/controller/cutter_node.h"

/// Cut connections stay cut over restarts, refusals and replaced tables.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;
using Node = CutterNode;

TEST_CASE("connections that an earlier run cut are judged again after a restart") {
  RecordingKernel kernel;
  {
    Node node(kernel);
    node.flows = {flow("aaaa", kWeb, kApi, 8080), flow("bbbb", kWorld, kApi, 8080)};
    node.sync({deny(no_ingress())});
    node.run();
    REQUIRE(node.cut() == Ids{"aaaa", "bbbb"});
  }
  const policy::NetworkPolicy from_web =
      ingress_policy("prod/in", where({is("app", "api")}), {allow({pods(where({is("app", "web")}))})});
  Node restarted(kernel);
  restarted.flows = {flow("aaaa", kWeb, kApi, 8080), flow("bbbb", kWorld, kApi, 8080)};
  restarted.sync({deny(from_web)});
  CHECK(restarted.cut() == Ids{"aaaa", "bbbb"});
  const auto report = restarted.run();
  CHECK(report.removed == 1);
  CHECK(report.added == 0);
  CHECK(restarted.cut() == Ids{"bbbb"});
}

TEST_CASE("a restart without any change takes over cut connections") {
  RecordingKernel kernel;
  {
    Node node(kernel);
    node.flows = {flow("aaaa", kWeb, kApi, 8080)};
    node.sync({deny(no_ingress())});
    node.run();
  }
  Node restarted(kernel);
  restarted.sync({deny(no_ingress())});
  restarted.run();
  CHECK(restarted.cut() == Ids{"aaaa"});
  restarted.run();
  CHECK(restarted.cut().empty());
}

TEST_CASE("a restart without any change cuts what the previous run had no time to cut") {
  RecordingKernel kernel;
  Node(kernel).sync({deny(no_ingress())});
  Node restarted(kernel);
  restarted.flows = {flow("aaaa", kWeb, kApi, 8080)};
  restarted.sync({deny(no_ingress())});
  CHECK(kernel.plans.size() == kCreation);
  restarted.run();
  CHECK(restarted.cut() == Ids{"aaaa"});
}

TEST_CASE("cut connections stay cut while the table is replaced, and are released later") {
  RecordingKernel kernel;
  {
    Node node(kernel);
    node.flows = {flow("aaaa", kWeb, kApi, 8080)};
    node.sync({deny(no_ingress())});
    node.run();
  }
  // A set of another kind cannot be changed in place.
  kernel.fake.ruleset().at(controller::kInetTable).sets.at("self4").spec.interval = true;
  const std::size_t commits = kernel.plans.size();
  Node restarted(kernel);
  restarted.flows = {flow("aaaa", kWeb, kApi, 8080)};
  restarted.sync({deny(no_ingress())});
  REQUIRE(kernel.plans.size() == commits + kReplacement);
  CHECK(restarted.cut() == Ids{"aaaa"});
  restarted.run();
  CHECK(restarted.cut() == Ids{"aaaa"});
  restarted.sync({policy::removal(policy::key_of(no_ingress()))});
  restarted.run();
  CHECK(restarted.cut().empty());
}

TEST_CASE("events that change nothing are no reason to read the connection table, also while flows are cut") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080)};
  node.sync({deny(no_ingress())});
  node.run();
  node.run();
  const auto due = node.cutter().due();
  const auto plans = kernel.plans.size();
  node.sync({policy::upsert(pod("prod/cache-0", {{"app", "cache"}}, {"10.244.2.9"}, "node-b"))});
  CHECK(kernel.plans.size() == plans);
  CHECK(node.cutter().due() == due);
}

TEST_CASE("a connection table that cannot be read is tried again and leaves the set as it is") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080)};
  node.sync({deny(no_ingress())});
  node.run();
  node.table_unreadable = true;
  const auto failed = node.try_run();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == EPERM);
  CHECK(node.cut() == Ids{"aaaa"});
  CHECK(node.cutter().due() >= node.now + 1s);
  node.table_unreadable = false;
  CHECK(node.run().cut == 1);
}

TEST_CASE("cuts that the kernel refuses are retried after the tables were read back") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080), flow("bbbb", kWorld, kApi, 8080)};
  node.sync({deny(no_ingress())});
  kernel.fake.refuse_next_commit(ENOMEM);
  const auto failed = node.try_run();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ENOMEM);
  CHECK(node.cut().empty());
  CHECK(node.cutter().due() >= node.now + 1s);
  CHECK(node.reconciler.unsynced());
  node.sync();
  CHECK(node.run().added == 2);
  CHECK(node.cut() == Ids{"aaaa", "bbbb"});
}

TEST_CASE("an element that expired by itself does not stop the others") {
  RecordingKernel kernel;
  Node node(kernel);
  node.flows = {flow("aaaa", kWeb, kApi, 8080), flow("bbbb", kWorld, kApi, 8080)};
  node.sync({deny(no_ingress())});
  node.run();
  node.set().elements.erase({"aaaa", {}});
  node.sync({policy::removal(policy::key_of(no_ingress()))});
  REQUIRE_FALSE(node.try_run());  // the kernel knows no such element
  CHECK(node.reconciler.unsynced());
  node.sync();  // reads the tables back
  node.run();
  CHECK(node.cut().empty());
}

TEST_CASE("a reading that takes long is followed by a rest") {
  RecordingKernel kernel;
  Node node(kernel);
  // The only way to be slow without a sleep: much work. 200,000 flows are judged.
  for (int i = 0; i < 200'000; ++i) node.flows.push_back(flow(std::to_string(i % 10), kWeb, kDb, 80));
  node.sync({deny(no_ingress())});
  const Moment began = Clock::now();
  node.run();
  const auto at_most = Clock::now() - began;
  node.sync({deny(no_egress())});
  REQUIRE(node.cutter().due());
  CHECK(*node.cutter().due() > node.now);
  CHECK(*node.cutter().due() - node.now <= 10 * at_most);
}

}  // namespace
}  // namespace selvage::testing
