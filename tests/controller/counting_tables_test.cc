#include <catch2/catch.hpp>
#include <optional>

#include "controller/counters/counter_labels.h"
#include "controller/tables/deny_chains.h"
#include "controller/tables/table_layout.h"
#include "nft/kernel/netlink_kernel.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "tests/controller/rulesets.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/netns.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

/// The counters in the tables, and their labels.
namespace selvage::testing {
namespace {

using controller::kInetTable;
using controller::RenderOptions;
using nft::RuleBuilder;
using policy::Direction;

const nft::Table& inet(const nft::Ruleset& ruleset) { return ruleset.at(kInetTable); }

RenderOptions counting() {
  RenderOptions options;
  options.policy_counters = true;
  return options;
}

/// The tables as the version before made them, which counted denied packets all together.
nft::Ruleset without_denied_sets(nft::Ruleset ruleset) {
  nft::Table& table = ruleset.at(kInetTable);
  const nft::Rule to_deny = RuleBuilder().go_to("deny");
  for (auto& [name, chain] : table.chains) {
    if (name == "deny-in" || name == "deny-out" || chain.rules.empty()) continue;
    nft::Rule& last = chain.rules.back();
    for (const char* gone : {"deny-in", "deny-out"}) {
      if (last == RuleBuilder().go_to(gone)) last = to_deny;
    }
  }
  auto& deny = table.chains.at("deny").rules;
  const auto& before_count = table.chains.at("deny-in").rules;
  deny.insert(deny.begin(), before_count.begin(), before_count.begin() + 2);
  table.chains.erase("deny-in");
  table.chains.erase("deny-out");
  for (const Direction direction : policy::kDirections) {
    for (const IpFamily family : policy::kFamilies) table.sets.erase(controller::denied_set(direction, family));
  }
  return ruleset;
}

void commit(nft::Kernel& kernel, const nft::Plan& plan) {
  const auto done = kernel.commit(plan);
  INFO(nft::to_text(plan) << (done ? std::string() : done.error().message));
  REQUIRE(done);
}

const std::vector<policy::Object> kSome = {
    both_policy("prod/api", where({is("app", "api")}), {allow({pods(where({is("app", "web")}))})}, {}),
    ingress_policy("prod/db", where({is("app", "db")}), {allow_anyone({port(policy::Protocol::tcp, 5432)})})};

TEST_CASE("exactly the isolated addresses count denied packets") {
  for_each_seed(80, [](Random& random) {
    const auto table = inet(ruleset_from_scratch(objects_of(random_cluster(random, 4 + below(random, 40)))));
    for (const Direction direction : policy::kDirections) {
      for (const IpFamily family : policy::kFamilies) {
        const nft::Set& counted = table.sets.at(controller::denied_set(direction, family));
        REQUIRE(counted.elements == table.sets.at(controller::isolated_set(direction, family)).elements);
        REQUIRE(counted.spec.counters);
      }
    }
  });
}

TEST_CASE("elements count only denied packets, unless allowed ones are counted, too") {
  for (const bool allowed : {false, true}) {
    const auto ruleset = ruleset_from_scratch(world_with(kSome), allowed ? counting() : RenderOptions{});
    std::size_t counting_predicates = 0;
    for (const auto& [name, set] : inet(ruleset).sets) {
      const bool denied = name.find("-denied") != std::string::npos;
      const bool of_predicate = name.starts_with("p-") || name.starts_with("any-");
      INFO(name);
      CHECK(set.spec.counters == (denied || (allowed && of_predicate)));
      if (of_predicate && set.spec.counters) ++counting_predicates;
    }
    CHECK((counting_predicates > 0) == allowed);
  }
}

TEST_CASE("the tables of a version that counted denied packets all together become today's in place") {
  RenderOptions options;
  options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel has it
  const auto want = ruleset_from_scratch(world_with(kSome), options);
  const auto older = without_denied_sets(want);
  const nft::Plan plan = nft::diff(older, want);
  CHECK_FALSE(plan.tables.at(kInetTable).delete_table);
  CHECK(plan.tables.at(kInetTable).add_sets.size() == 4);
  CHECK(plan.tables.at(kInetTable).delete_sets.empty());

  const std::optional<ScopedNetNs> own(std::in_place);
  const bool real = GENERATE(false, true);
  std::unique_ptr<nft::Kernel> kernel = std::make_unique<nft::FakeKernel>();
  if (real) kernel = std::move(*nft::NetlinkKernel::open());
  const std::array tables = {kInetTable, controller::kBridgeTable};
  commit(*kernel, nft::diff({}, older));
  commit(*kernel, nft::diff(*kernel->read(tables), want));
  CHECK(*kernel->read(tables) == want);
  commit(*kernel, nft::diff(*kernel->read(tables), older));
  CHECK(*kernel->read(tables) == older);
}

TEST_CASE("the counter of an address that moves to another pod starts over, and the address stays isolated meanwhile") {
  IncrementalNode node;
  std::vector<policy::Event> events;
  for (const auto& object : world_with({both_policy("prod/deny", where(), {}, {})})) {
    events.push_back(policy::upsert(object));
  }
  node.step(events);
  const auto web = pod("prod/web-0", {{"app", "web"}}, {kWeb, kWeb6}, kNode);
  const auto plan = node.step({policy::removal(policy::key_of(web)),
                               policy::upsert(pod("prod/web-9", {{"app", "web"}}, {kWeb, kWeb6}, kNode))});
  const auto& changes = plan.tables.at(kInetTable).elements;
  for (const char* name : {"ingress-denied4", "ingress-denied6", "egress-denied4", "egress-denied6"}) {
    INFO(name);
    REQUIRE(changes.contains(name));
    CHECK(changes.at(name).del.size() == 1);
    CHECK(changes.at(name).add.begin()->second.comment == "prod/web-9");
  }
  CHECK_FALSE(changes.contains("ingress-isolated4"));
  CHECK_FALSE(changes.contains("egress-isolated6"));
}

TEST_CASE("the elements that count allowed packets are those whose policies are known") {
  for_each_seed(60, [](Random& random) {
    const auto objects = objects_of(random_cluster(random, 4 + below(random, 40)));
    const auto compiler = policy::compile(objects, kNode);
    const auto owners = controller::counter_labels(compiler->result(), counting());
    const auto ruleset = ruleset_from_scratch(objects, counting());
    std::size_t known = 0;
    for (const auto& [name, set] : inet(ruleset).sets) {
      if (!name.starts_with("p-") && !name.starts_with("any-")) continue;
      if (set.elements.empty()) continue;
      ++known;
      REQUIRE(owners.allow.contains(name));
      const auto& owned = owners.allow.at(name);
      REQUIRE(owned.spec == set.spec);
      REQUIRE(owned.policies.size() == set.elements.size());
      for (const auto& [key, data] : set.elements) REQUIRE_FALSE(owned.policies.at(key).empty());
    }
    REQUIRE(known == owners.allow.size());
    REQUIRE(controller::counter_labels(compiler->result(), {}).allow.empty());
  });
}

TEST_CASE("counter labels that were updated step by step equal those from nothing") {
  for_each_seed(40, [](Random& random) {
    Cluster cluster;
    policy::Compiler compiler{kNode};
    compiler.start_tracking();
    controller::CounterLabels owners;
    for (int step = 0; step < 60; ++step) {
      for (std::size_t events = 1 + below(random, 4); events > 0; --events) {
        const auto event = random_event(random, cluster);
        compiler.apply(event);
        apply_event(cluster, event);
      }
      const policy::NodePolicy& result = compiler.update().result();
      const auto delta = compiler.take_changes();
      controller::update_labels(owners, delta, result, counting());
      REQUIRE(owners == controller::counter_labels(result, counting()));
    }
  });
}

TEST_CASE("all policies that allow one key are named, however long their names") {
  const std::string tail(240, 'x');
  const std::vector rules = {allow({pods(where({is("app", "web")}))}, {port(policy::Protocol::tcp, 80)})};
  const auto a = ingress_policy("prod/a" + tail, where({is("app", "api")}), rules);
  const auto b = ingress_policy("prod/b" + tail, where({is("tier", "back")}), rules);
  const auto compiler = policy::compile(world_with({b, a}), kNode);
  const auto owners = controller::counter_labels(compiler->result(), counting());
  const policy::Origins both = {"prod/a" + tail, "prod/b" + tail};
  const policy::Origins one = {"prod/b" + tail};
  std::map<policy::Origins, int> keys;
  for (const auto& [name, set] : owners.allow) {
    for (const auto& [key, origins] : set.policies) ++keys[origins];
  }
  CHECK(keys == std::map<policy::Origins, int>{{both, 2}, {one, 1}});  // api's two addresses, db's one
  CHECK(owners.pods.at(address(kApi6)) == "prod/api-0");
}

}  // namespace
}  // namespace selvage::testing
