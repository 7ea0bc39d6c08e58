#include "tests/controller/reconciled_node.h"

/// Commits of a sync: the first one, after a restart, after changes of objects and options.
namespace selvage::testing {
namespace {

using controller::kBridgeTable;
using controller::kInetTable;
using Node = ReconciledNode;

TEST_CASE("the first sync makes the tables, the second nothing") {
  RecordingKernel kernel;
  Node node(kernel);
  CHECK(node.reconciler.pending());
  const auto first = node.sync();
  CHECK(first.from_nothing);
  CHECK(first.changed);
  CHECK(first.size.rules > 0);
  CHECK(first.size.elements > 0);
  node.check_tables(node.objects);
  CHECK_FALSE(node.reconciler.pending());
  CHECK_FALSE(node.reconciler.due());
  const auto second = node.sync();
  CHECK_FALSE(second.from_nothing);
  CHECK_FALSE(second.changed);
  CHECK(second.size.elements == 0);
  CHECK(kernel.fake.commits() == kCreation);
  CHECK(kernel.reads == 1);
}

TEST_CASE("an agent without any object writes its tables, which let all pass") {
  RecordingKernel kernel;
  controller::Reconciler reconciler(kernel, no_flows, kNode, {});
  REQUIRE(reconciler.sync(Moment{}));
  CHECK(kernel.fake.ruleset() == ruleset_from_scratch({}));
}

TEST_CASE("events reach the kernel by sync only, many of them in one transaction") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  node.apply({});
  CHECK_FALSE(node.reconciler.pending());
  node.apply({policy::upsert(api_to_web())});
  node.apply({policy::removal(policy::key_of(web_to_api()))});
  CHECK(node.reconciler.pending());
  CHECK(kernel.fake.commits() == kCreation);
  node.sync();
  CHECK(kernel.fake.commits() == kCreation + 1);
  CHECK(kernel.reads == 1);
  node.check_tables(world_with({api_to_web()}));
}

TEST_CASE("a restart finds its tables and commits nothing") {
  RecordingKernel kernel;
  Node(kernel).sync();
  Node restarted(kernel);
  const auto report = restarted.sync();
  CHECK(report.from_nothing);
  CHECK_FALSE(report.changed);
  CHECK(kernel.fake.commits() == kCreation);
}

TEST_CASE("a restart commits what changed meanwhile, and nothing else") {
  RecordingKernel kernel;
  Node(kernel).sync();
  Node restarted(kernel);
  const policy::Pod late = pod("prod/web-9", {{"app", "web"}}, {"10.244.2.9"}, "node-b");
  restarted.apply({policy::upsert(late)});
  const auto report = restarted.sync();
  CHECK(report.size.elements == 1);
  CHECK(report.size.rules + report.size.chains + report.size.sets == 0);
  restarted.check_tables(world_with({web_to_api(), late}));
}

TEST_CASE("changes by other programs are undone by the next whole sync") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  nft::Table& inet = kernel.fake.ruleset().at(kInetTable);
  SECTION("rules of a chain are gone") { inet.chains.at("forward").rules.clear(); }
  SECTION("an element is gone") { inet.sets.at("ingress-isolated4").elements.clear(); }
  SECTION("a chain is there that is not ours") { inet.chains["foreign"] = {}; }
  SECTION("a set is another one") { inet.sets.at("self4").spec.interval = true; }
  SECTION("a table is gone") { kernel.fake.ruleset().erase(kBridgeTable); }
  SECTION("everything is gone") { kernel.fake.ruleset().clear(); }
  Node restarted(kernel);
  CHECK(restarted.sync().changed);
  restarted.check_tables(restarted.objects);
}

TEST_CASE("changes by other programs make a change fail, and the same sync undoes them") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  kernel.fake.ruleset().clear();
  node.apply({policy::upsert(api_to_web())});
  CHECK(node.sync().from_nothing);
  node.check_tables(world_with({web_to_api(), api_to_web()}));
}

TEST_CASE("tables of others are left alone") {
  RecordingKernel kernel;
  const nft::TableKey foreign{nft::TableFamily::inet, "foreign"};
  kernel.fake.ruleset()[foreign].chains["x"] = {};
  const nft::Table before = kernel.fake.ruleset()[foreign];
  Node(kernel).sync();
  CHECK(kernel.fake.ruleset().at(foreign) == before);
}

TEST_CASE("other options rewrite what differs") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  controller::RenderOptions options;
  node.reconciler.set_options(options);
  CHECK_FALSE(node.reconciler.pending());
  options.pod_bridges = {"cni0", "podbr1"};
  node.reconciler.set_options(options);
  CHECK(node.reconciler.pending());
  const auto bridges = node.sync();
  CHECK(bridges.size.elements == 2);  // in both tables
  CHECK(bridges.size.chains == 5);    // those of table inet that ask the edge, and of connections on the fast path
  node.check_tables(node.objects, options);
  options.unknown_pods = controller::UnknownPods::allow;
  node.reconciler.set_options(options);
  const auto edge = node.sync();
  CHECK(edge.size.chains == 4);  // those that ask the edge, and the bridge table's
  CHECK(edge.size.elements + edge.size.sets == 0);
  node.check_tables(node.objects, options);
}

TEST_CASE("options hold for the changes after them") {
  RecordingKernel kernel;
  Node node(kernel);
  controller::RenderOptions options;
  options.unknown_pods = controller::UnknownPods::drop;
  options.bridge_match = controller::BridgeMatch::port_kind;
  node.reconciler.set_options(options);
  node.sync();
  node.apply({policy::upsert(api_to_web())});
  CHECK_FALSE(node.sync().from_nothing);
  node.check_tables(world_with({web_to_api(), api_to_web()}), options);
}

/// The last plan: "set: added/removed" for each set, and the number of other writes.
std::string last_plan(const RecordingKernel& kernel) {
  REQUIRE_FALSE(kernel.plans.empty());
  const nft::Plan& plan = kernel.plans.back();
  std::string text;
  for (const auto& [key, table] : plan.tables) {
    for (const auto& [set, change] : table.elements) {
      text += set + " +" + std::to_string(change.add.size()) + " -" + std::to_string(change.del.size()) + "\n";
    }
  }
  const auto size = nft::size_of(plan);
  if (size.sets + size.chains > 0) text += "and more\n";
  return text;
}

TEST_CASE("a pod elsewhere costs one element in each direction in which it matters") {
  RecordingKernel kernel;
  Node node(kernel);
  node.apply({policy::upsert(api_to_web())});
  node.sync();
  const policy::Pod web = pod("prod/web-9", {{"app", "web"}}, {"10.244.2.9"}, "node-b");
  node.apply({policy::upsert(web)});
  node.sync();
  CHECK(last_plan(kernel) == "egress-peer4 +1 -0\ningress-peer4 +1 -0\n");
  node.apply({policy::removal(policy::key_of(web))});
  node.sync();
  CHECK(last_plan(kernel) == "egress-peer4 +0 -1\ningress-peer4 +0 -1\n");
}

TEST_CASE("a pod elsewhere that no policy speaks of costs nothing") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  node.apply({policy::upsert(pod("prod/cache-0", {{"app", "cache"}}, {"10.244.2.9"}, "node-b"))});
  CHECK(node.reconciler.pending());
  CHECK_FALSE(node.sync().changed);
  CHECK(kernel.fake.commits() == kCreation);
}

TEST_CASE("a pod that is deleted and recreated at once is judged by its new labels") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  const policy::Pod same =
      pod("prod/web-1", {{"app", "web"}}, {kFar}, "node-b", {{"http", policy::Protocol::tcp, 8000}});
  node.apply({policy::removal(policy::key_of(same)), policy::upsert(same)});
  node.sync();
  node.check_tables(node.objects);
  const policy::Pod moved = pod("prod/web-1", {{"app", "web"}}, {"10.244.2.77"}, "node-b");
  node.apply({policy::removal(policy::key_of(same)), policy::upsert(moved)});
  node.sync();
  CHECK(last_plan(kernel) == "ingress-peer4 +1 -1\n");
  node.check_tables(world_with({web_to_api(), moved}));
}

TEST_CASE("a policy deleted and made again in one step changes nothing, in two it is gone in between") {
  RecordingKernel kernel;
  Node node(kernel);
  node.sync();
  const auto key = policy::key_of(web_to_api());
  node.apply({policy::removal(key), policy::upsert(web_to_api())});
  CHECK_FALSE(node.sync().changed);
  node.apply({policy::removal(key)});
  node.sync();
  node.check_tables(world_with({}));
  node.apply({policy::upsert(web_to_api())});
  node.sync();
  node.check_tables(node.objects);
}

}  // namespace
}  // namespace selvage::testing
