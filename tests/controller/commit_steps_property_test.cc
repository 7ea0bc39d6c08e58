#include <catch2/catch.hpp>

#include "controller/sync/commit_steps.h"
#include "nft/plan/text_plan.h"
#include "tests/controller/rulesets.h"
#include "tests/controller/stepped_tables.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

/// While a plan is committed, each packet is judged as before it or as after it, although the kernel publishes the
/// contents of interval sets after the rest of their transaction.
namespace selvage::testing {
namespace {

using nft::Ruleset;

TEST_CASE("no packet meets half a change of one object") {
  std::size_t in_steps = 0;
  std::size_t compared = 0;
  for_each_seed(50, [&](Random& random) {
    Cluster cluster;
    IncrementalNode node;
    for (int step = 0; step < 40; ++step) {
      const Ruleset before = node.planned();
      const auto event = random_event(random, cluster);
      apply_event(cluster, event);
      const nft::Plan plan = node.step({event});
      if (plan.empty()) continue;
      const Judged judged(random_packets(random, cluster), before, node.planned());
      SteppedTables kernel(before, judged);
      INFO(describe(cluster) << nft::to_text(plan));
      REQUIRE(controller::commit_in_steps(plan, kernel.transaction()));
      INFO(nft::to_text(nft::diff(kernel.tables(), node.planned())));
      REQUIRE(kernel.tables() == node.planned());
      in_steps += kernel.states.size() > 1 ? 1 : 0;
      compared += kernel.compared;
    }
  });
  CHECK(in_steps > 30);
  CHECK(compared > 1000);
}

TEST_CASE("plans of many changes at once reach the tables in steps, too") {
  std::size_t in_steps = 0;
  for_each_seed(50, [&](Random& random) {
    Cluster cluster;
    IncrementalNode node;
    for (int step = 0; step < 10; ++step) {
      Ruleset tables = node.planned();
      std::vector<policy::Event> events;
      for (int i = 0; i < 8; ++i) {
        events.push_back(random_event(random, cluster));
        apply_event(cluster, events.back());
      }
      const nft::Plan plan = node.step(events);
      std::size_t transactions = 0;
      const auto carry_out = [&](const nft::Plan& part) -> nft::CommitResult {
        INFO(nft::to_text(part));
        auto after = nft::apply(part, tables);
        INFO((after ? "" : after.error().message));
        REQUIRE(after);
        tables = std::move(*after);
        ++transactions;
        return {};
      };
      REQUIRE(controller::commit_in_steps(plan, carry_out));
      REQUIRE(tables == node.planned());
      in_steps += transactions > 1 ? 1 : 0;
    }
  });
  CHECK(in_steps > 30);
}

TEST_CASE("ranges that another program has added do not keep a plan from being split") {
  const std::string name =
      controller::predicate_set("any", policy::Direction::ingress, policy::PortKind::ranges, IpFamily::v4);
  const auto range = [](const char* first, const char* last, std::uint16_t from, std::uint16_t to) {
    const auto key = [](const char* address, std::uint16_t port) {
      policy::PermissionKey permission{0, testing::address(address), policy::PortKind::ranges, 6, port, port};
      return controller::permission_element(permission).first;
    };
    return nft::ElementKey{key(first, from), key(last, to)};
  };
  const Ruleset want = ruleset_from_scratch(world_with({ingress_policy(
      "prod/api", where({is("app", "api")}), {allow_anyone({port_range(policy::Protocol::tcp, 8000, 8100)})})}));
  Ruleset have = want;
  auto& elements = have.at(controller::kInetTable).sets.at(name).elements;
  REQUIRE(elements.size() == 1);
  elements.clear();
  elements[range("10.244.1.1", "10.244.1.9", 8050, 8060)];
  const Judged judged({}, have, want);
  SteppedTables kernel(have, judged);
  REQUIRE(controller::commit_whole(nft::diff(have, want), controller::tables_there(have), kernel.transaction()));
  CHECK(kernel.tables() == want);
}

}  // namespace
}  // namespace selvage::testing
