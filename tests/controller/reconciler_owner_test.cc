#include <sstream>

#include "controller/sync/dry_run_kernel.h"
#include "tests/controller/reconciled_node.h"

/// Tables that the agent owns.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;
using controller::kBridgeTable;
using controller::kInetTable;
using nft::Ownership;

controller::RenderOptions with(Ownership ownership) {
  controller::RenderOptions options;
  options.ownership = ownership;
  return options;
}

/// A node that wants to own its tables.
struct Owner {
  RecordingKernel kernel;
  ReconciledNode node{kernel};
  Owner() { node.reconciler.set_options(with(Ownership::owned)); }

  void found(Ownership ownership) {
    kernel.fake.ruleset() = ruleset_from_scratch(node.objects);
    for (auto& [key, table] : kernel.fake.ruleset()) table.ownership = ownership;
  }
  void check_owned(const std::vector<policy::Object>& expected) const {
    node.check_tables(expected, with(Ownership::owned));
  }
  void refused_for_the_owner() {
    const auto refused = node.reconciler.sync(node.now);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == EPERM);
  }
};

TEST_CASE_METHOD(Owner, "tables are made as owned ones") {
  node.sync();
  check_owned(node.objects);
}

TEST_CASE_METHOD(Owner, "orphans with the right contents are taken over without another change") {
  found(Ownership::orphaned);
  const auto report = node.sync();
  CHECK(report.size.tables == 2);
  CHECK(report.size.elements + report.size.sets + report.size.chains + report.size.rules == 0);
  CHECK(kernel.plans.size() == 1);
  check_owned(node.objects);
}

TEST_CASE_METHOD(Owner, "open tables are replaced by way of a stand-in, and cut connections stay cut") {
  found(Ownership::open);
  auto& cut = kernel.fake.ruleset().at(kInetTable).sets.at("cut").elements;
  cut[{std::string("\1\2\3\4"), {}}];
  const auto before = cut;
  node.sync();
  CHECK(kernel.plans.size() == kReplacement);
  CHECK(kernel.fake.ruleset().size() == 2);
  CHECK(kernel.fake.ruleset().at(kInetTable).ownership == Ownership::owned);
  CHECK(kernel.fake.ruleset().at(kBridgeTable).ownership == Ownership::owned);
  CHECK(kernel.fake.ruleset().at(kInetTable).sets.at("cut").elements == before);
}

TEST_CASE("an agent without ownership makes orphans open again, by way of a stand-in") {
  RecordingKernel kernel;
  ReconciledNode node(kernel);
  kernel.fake.ruleset() = ruleset_from_scratch(node.objects, with(Ownership::orphaned));
  node.sync();
  CHECK(kernel.plans.size() == kReplacement);
  node.check_tables(node.objects);
}

TEST_CASE_METHOD(Owner, "while another program owns the tables, commits are retried at least every second") {
  found(Ownership::taken);
  std::vector<Clock::duration> waits;
  for (int i = 0; i < 6; ++i) {
    refused_for_the_owner();
    waits.push_back(*node.reconciler.due() - node.now);
    node.now = *node.reconciler.due();
  }
  CHECK(waits == std::vector<Clock::duration>{100ms, 200ms, 400ms, 800ms, 1s, 1s});
  CHECK(kernel.plans.empty());
}

TEST_CASE_METHOD(Owner, "changes that came while another program owned the tables are committed when it has ended") {
  found(Ownership::taken);
  refused_for_the_owner();
  node.apply({policy::upsert(api_to_web())});
  refused_for_the_owner();
  kernel.fake.end_owners();
  CHECK(node.sync().from_nothing);
  CHECK(kernel.plans.size() == 1);
  check_owned(world_with({web_to_api(), api_to_web()}));
  node.apply({policy::removal(policy::key_of(api_to_web()))});
  CHECK_FALSE(node.sync().from_nothing);
  check_owned(node.objects);
}

TEST_CASE_METHOD(Owner, "an owner that ends leaves open tables with the same contents") {
  node.sync();
  auto& cut = kernel.fake.ruleset().at(kInetTable).sets.at("cut").elements;
  cut[{std::string("\1\2\3\4"), {}}];
  nft::Ruleset left = kernel.fake.ruleset();
  for (auto& [key, table] : left) table.ownership = Ownership::open;
  SECTION("its own tables") {}
  SECTION("tables that it had not taken over yet") { kernel.fake.end_owners(); }
  REQUIRE(node.reconciler.release());
  CHECK(kernel.fake.ruleset() == left);
  CHECK(kernel.plans.size() == kCreation + kReplacement);
}

TEST_CASE_METHOD(Owner, "an agent that ends leaves a stand-in that may be all that enforces") {
  found(GENERATE(Ownership::open, Ownership::orphaned));
  nft::Ruleset& tables = kernel.fake.ruleset();
  tables[controller::kStandInTable] = tables.at(kInetTable);
  tables.at(controller::kStandInTable).ownership = Ownership::open;
  // Its predecessor was killed while it replaced the table.
  tables.at(kInetTable).chains.erase("forward");
  const nft::Ruleset before = tables;
  REQUIRE(node.reconciler.release());
  CHECK(kernel.fake.ruleset() == before);
  // A later one puts everything in order.
  node.sync();
  CHECK(kernel.fake.ruleset().size() == 2);
  check_owned(node.objects);
}

TEST_CASE_METHOD(Owner, "an owner that ends changes neither open tables nor those of another program") {
  found(GENERATE(Ownership::open, Ownership::taken));
  const nft::Ruleset before = kernel.fake.ruleset();
  REQUIRE(node.reconciler.release());
  CHECK(kernel.fake.ruleset() == before);
  CHECK(kernel.plans.empty());
}

TEST_CASE_METHOD(Owner, "a dry run shows what an agent would change, but not ownership") {
  found(GENERATE(Ownership::taken, Ownership::orphaned, Ownership::open));
  std::ostringstream out;
  controller::DryRunKernel dry_run(&kernel, out, Ownership::owned);
  controller::Reconciler beside(dry_run, no_flows, kNode, with(Ownership::owned));
  beside.apply(upserts(node.objects));
  const auto nothing = beside.sync(node.now);
  REQUIRE(nothing);
  CHECK_FALSE(nothing->changed);
  beside.apply({policy::upsert(api_to_web())});
  CHECK(beside.sync(node.now));
  CHECK(kernel.plans.empty());
}

}  // namespace
}  // namespace selvage::testing
