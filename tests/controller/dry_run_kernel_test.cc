#include "controller/sync/dry_run_kernel.h"

#include <array>
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/controller/recording_kernel.h"
#include "tests/controller/rulesets.h"
#include "tests/support/policy_cases.h"
#include "tests/support/scratch_namespace.h"

namespace selvage::testing {
namespace {

using controller::DryRunKernel;
using controller::kBridgeTable;
using controller::kInetTable;

nft::Ruleset wanted() {
  controller::RenderOptions options;
  options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel takes it
  return ruleset_from_scratch(
      world_with({ingress_policy("prod/api", where({is("app", "api")}),
                                 {allow({pods(where({is("app", "web")})), block("10.0.0.0/8", {"10.1.0.0/16"})},
                                        {port_range(policy::Protocol::udp, 9000, 9100)})})}),
      options);
}

/// What stands between the heading `part` and the next one, or the end.
std::string part_of(const std::string& text, const std::string& part) {
  const auto begin = text.find("# " + part + "\n");
  REQUIRE(begin != std::string::npos);
  const auto end = text.find("\n# plan\n", begin);
  return text.substr(begin, end == std::string::npos ? end : end + 1 - begin);
}

TEST_CASE("a dry run prints tables and plan that nft loads to the same, and commits nothing") {
  RecordingKernel kernel;
  std::ostringstream out;
  DryRunKernel dry_run(&kernel, out);
  const auto have = dry_run.read(std::array{kInetTable, kBridgeTable});
  REQUIRE(have);
  CHECK(have->empty());
  REQUIRE(dry_run.commit(nft::diff(*have, wanted())));
  CHECK(kernel.plans.empty());
  CHECK(kernel.fake.ruleset().empty());
  const ScratchNamespace by_tables;
  const ScratchNamespace by_plan;
  by_tables.shell("nft -f -", part_of(out.str(), "tables"));
  by_plan.shell("nft -f -", part_of(out.str(), "plan"));
  const std::string listed = by_tables.shell("nft list ruleset");
  CHECK(listed.find("ingress-isolated4") != std::string::npos);
  CHECK(by_plan.shell("nft list ruleset") == listed);
}

TEST_CASE("a dry run starts from the existing tables and goes on from the printed ones") {
  RecordingKernel kernel;
  kernel.fake.ruleset() = wanted();
  std::ostringstream out;
  DryRunKernel dry_run(&kernel, out);
  auto have = dry_run.read(std::array{kInetTable, kBridgeTable});
  REQUIRE(have);
  CHECK(*have == wanted());
  nft::Plan plan;
  plan.tables[kBridgeTable].delete_table = true;
  REQUIRE(dry_run.commit(plan));
  CHECK(out.str().find("delete table bridge selvage") != std::string::npos);
  have = dry_run.read(std::array{kInetTable, kBridgeTable});
  REQUIRE(have);
  CHECK(have->count(kBridgeTable) == 0);
  CHECK(have->count(kInetTable) == 1);
  CHECK(kernel.reads == 1);
  CHECK(kernel.fake.ruleset() == wanted());
}

TEST_CASE("a dry run says when nothing would change, in words that nft reads over") {
  std::ostringstream out;
  DryRunKernel dry_run(nullptr, out);
  REQUIRE(dry_run.read(std::array{kInetTable, kBridgeTable}));
  REQUIRE(dry_run.commit({}));
  CHECK_FALSE(out.str().empty());
  const ScratchNamespace somewhere;
  somewhere.shell("nft -f -", out.str());
  CHECK(somewhere.shell("nft list ruleset").empty());
}

TEST_CASE("a dry run refuses what the kernel would refuse") {
  std::ostringstream out;
  DryRunKernel dry_run(nullptr, out);
  nft::Plan plan;
  plan.tables[kInetTable].delete_sets = {"never-made"};
  CHECK_FALSE(dry_run.commit(plan));
  CHECK(out.str().empty());
}

TEST_CASE("a dry run over a kernel that cannot be read fails") {
  RecordingKernel kernel;
  kernel.refuse_reads = true;
  std::ostringstream out;
  DryRunKernel dry_run(&kernel, out);
  CHECK_FALSE(dry_run.read(std::array{kInetTable, kBridgeTable}));
  kernel.refuse_reads = false;
  CHECK(dry_run.read(std::array{kInetTable, kBridgeTable}));
}

}  // namespace
}  // namespace selvage::testing
