#include "controller/tables/table_layout.h"
#include "tests/controller/reconciled_node.h"

/// Sources that cannot say all that they hold.
namespace selvage::testing {
namespace {

using Node = ReconciledNode;

bool isolates_ingress(const RecordingKernel& kernel) {
  return !kernel.fake.ruleset().at(controller::kInetTable).sets.at("ingress-isolated4").elements.empty();
}

TEST_CASE("a restart that does not see all objects keeps the isolation") {
  RecordingKernel kernel;
  Node before(kernel);
  before.sync();
  REQUIRE(isolates_ingress(kernel));
  const auto enforced = kernel.fake.ruleset();

  controller::Reconciler restarted(kernel, no_flows, kNode, {});
  restarted.set_complete(false);
  restarted.apply(upserts(world_with({})));
  REQUIRE(restarted.sync(before.now));
  for (const auto& [name, set] : enforced.at(controller::kInetTable).sets) {
    if (name.find("-isolated") == std::string::npos) continue;
    INFO(name);
    CHECK(kernel.fake.ruleset().at(controller::kInetTable).sets.at(name) == set);
  }

  restarted.set_complete(true);
  CHECK(restarted.pending());
  REQUIRE(restarted.sync(before.now));
  CHECK(kernel.fake.ruleset() == ruleset_from_scratch(world_with({})));
}

TEST_CASE("where nothing was enforced an incomplete source is taken as it is") {
  RecordingKernel kernel;
  Node node(kernel);
  node.reconciler.set_complete(false);
  node.sync();
  node.check_tables(node.objects);
}

TEST_CASE("an incomplete source still isolates more") {
  RecordingKernel kernel;
  Node before(kernel);
  before.sync();
  controller::Reconciler restarted(kernel, no_flows, kNode, {});
  restarted.set_complete(false);
  restarted.apply(upserts(world_with({api_to_web()})));
  REQUIRE(restarted.sync(before.now));
  const auto ruleset = kernel.fake.ruleset();
  CHECK_FALSE(ruleset.at(controller::kInetTable).sets.at("egress-isolated4").elements.empty());
  CHECK(isolates_ingress(kernel));
}

TEST_CASE("pods that an incomplete source removes later stay isolated, and unknown endpoints are still dropped") {
  RecordingKernel kernel;
  Node before(kernel);
  before.sync();
  const auto edge_of = [&] {
    return kernel.fake.ruleset().at(controller::kInetTable).chains.at("replies").rules.size();
  };
  const auto edge = edge_of();
  controller::Reconciler restarted(kernel, no_flows, kNode, {});
  restarted.set_complete(false);
  restarted.apply(upserts(world_with({web_to_api()})));
  REQUIRE(restarted.sync(before.now));
  restarted.apply({policy::removal(policy::key_of(web_to_api()))});
  REQUIRE(restarted.sync(before.now));
  CHECK(isolates_ingress(kernel));
  CHECK(edge_of() >= edge);
}

}  // namespace
}  // namespace selvage::testing
