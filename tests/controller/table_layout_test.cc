#include "controller/tables/table_layout.h"

#include "tests/controller/reconciled_node.h"

/// Tables of other versions.
namespace selvage::testing {
namespace {

using controller::kInetTable;
using controller::kLayout;

/// The tables of a node, as if a program had written them that calls their layout `name`; empty: one that does not.
nft::Ruleset tables_of_layout(const std::string& name) {
  nft::Ruleset tables = ruleset_from_scratch(world_with({web_to_api()}));
  auto& chains = tables.at(kInetTable).chains;
  chains.erase(std::string(kLayout));
  if (!name.empty()) chains[name];
  return tables;
}

TEST_CASE("tables of another layout are recognized") {
  CHECK_FALSE(controller::other_layout({}));
  CHECK_FALSE(controller::other_layout(tables_of_layout(std::string(kLayout))));
  CHECK(controller::other_layout(tables_of_layout("layout-99")) == "layout-99");
  CHECK(controller::other_layout(tables_of_layout("")));
}

TEST_CASE("tables of another layout are rewritten and reported once") {
  const std::string was = GENERATE("", "layout-99");
  RecordingKernel kernel;
  REQUIRE(kernel.fake.commit(nft::diff({}, tables_of_layout(was))));
  ReconciledNode node(kernel);
  CHECK(node.sync().other_layout);
  node.check_tables(node.objects);
  node.reconciler.distrust(node.now);
  CHECK_FALSE(node.sync().other_layout);
}

TEST_CASE("the first tables of a node replace no other layout") {
  RecordingKernel kernel;
  ReconciledNode node(kernel);
  CHECK_FALSE(node.sync().other_layout);
}

}  // namespace
}  // namespace selvage::testing
