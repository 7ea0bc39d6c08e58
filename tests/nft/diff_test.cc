#include <catch2/catch.hpp>

#include "nft/model/statements.h"
#include "nft/plan/plan.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "tests/support/property.h"
#include "tests/support/random_ruleset.h"

namespace selvage::nft {
namespace {

using testing::for_each_seed;

const TableKey kKey{TableFamily::inet, "t"};
const std::string kAddress("\x0a\0\0\1", 4);

/// A table with one of each: a set, a map, and chains that use them.
Ruleset small() {
  Table table;
  table.sets["pods"] = Set{{{FieldType::ipv4_addr}}, {{ElementKey{kAddress, {}}, {}}}};
  table.sets["peers"] = Set{{{FieldType::ipv4_addr}, false, true},
                            {{ElementKey{kAddress, {}}, {share({Verdict::Code::go_to, "k1"}), {}}}}};
  table.sets["cut"] = Set{{{FieldType::ct_id}, false, false, std::chrono::hours(1), 10}, {}};
  table.chains["k1"].rules = {RuleBuilder().in({Selector::ip_daddr}, "pods").returns()};
  table.chains["k2"] = {};
  table.chains["forward"] = {BaseChain{0}, {RuleBuilder().vmap({Selector::ip_saddr}, "peers").build()}, {}};
  return {{kKey, table}};
}

Plan plan_of(void (*change)(Table&)) {
  Ruleset want = small();
  change(want.at(kKey));
  return diff(small(), want);
}

/// The plan of a change, for the only table.
TablePlan table_plan_of(void (*change)(Table&)) {
  const Plan plan = plan_of(change);
  return plan.empty() ? TablePlan{} : plan.tables.at(kKey);
}

TEST_CASE("the plan from a ruleset to itself is empty") {
  for_each_seed(500, [](auto& random) {
    const Ruleset ruleset = random_ruleset(random);
    REQUIRE(diff(ruleset, ruleset).empty());
  });
}

TEST_CASE("a plan applied to one ruleset gives the other") {
  for_each_seed(3000, [](auto& random) {
    const Ruleset have = random_ruleset(random);
    const Ruleset want = random_ruleset(random);
    const Plan plan = diff(have, want);
    INFO("have:\n" << to_text(have) << "plan:\n" << to_text(plan));
    const Result<Ruleset> got = nft::apply(plan, have);
    INFO((got ? "" : got.error().message));
    REQUIRE(got.has_value());
    REQUIRE(*got == want);
  });
}

TEST_CASE("each change is one entry of the plan") {
  TablePlan expected;
  SECTION("a new element") {
    expected.elements["pods"] = {small().at(kKey).sets["pods"].spec, {{ElementKey{"abcd", {}}, {}}}, {}};
    REQUIRE(table_plan_of([](Table& t) { t.sets["pods"].elements[{"abcd", {}}]; }) == expected);
  }
  SECTION("a missing element") {
    expected.elements["pods"] = {small().at(kKey).sets["pods"].spec, {}, {ElementKey{kAddress, {}}}};
    REQUIRE(table_plan_of([](Table& t) { t.sets["pods"].elements.clear(); }) == expected);
  }
  SECTION("another verdict is a deletion and an addition") {
    const ElementKey key{kAddress, {}};
    expected.elements["peers"] = {
        small().at(kKey).sets["peers"].spec, {{key, {share({Verdict::Code::drop, {}}), {}}}}, {key}};
    REQUIRE(table_plan_of([](Table& t) {
              t.sets["peers"].elements.begin()->second.verdict = share({Verdict::Code::drop, {}});
            }) == expected);
  }
  SECTION("a changed rule replaces the rules of its chain") {
    expected.replace_rules["k1"] = {RuleBuilder().counter().drop()};
    REQUIRE(table_plan_of([](Table& t) { t.chains["k1"].rules = {RuleBuilder().counter().drop()}; }) == expected);
  }
  SECTION("a new chain") {
    expected.add_chains["k3"] = {std::nullopt, {RuleBuilder().drop()}, {}};
    REQUIRE(table_plan_of([](Table& t) { t.chains["k3"].rules = {RuleBuilder().drop()}; }) == expected);
  }
  SECTION("a missing chain") {
    expected.delete_chains = {"k2"};
    REQUIRE(table_plan_of([](Table& t) { t.chains.erase("k2"); }) == expected);
  }
  SECTION("a missing set, with its elements") {
    expected.delete_sets = {"cut"};
    REQUIRE(table_plan_of([](Table& t) { t.sets.erase("cut"); }) == expected);
  }
}

TEST_CASE("comments are no difference") {
  REQUIRE(plan_of([](Table& t) {
            t.comment = "a";
            t.sets["pods"].spec.comment = "b";
            t.sets["pods"].elements.begin()->second.comment = "c";
            t.chains["k1"].comment = "d";
            t.chains["k1"].rules[0].comment = "e";
          }).empty());
}

TEST_CASE("elements with a timeout are not touched") {
  Ruleset have = small();
  have.at(kKey).sets.at("cut").elements[{"abcd", {}}];
  REQUIRE(diff(have, small()).empty());

  SECTION("when their table must be replaced") {
    Ruleset want = small();
    want.at(kKey).chains.at("forward").base->priority = 7;
    const Result<Ruleset> got = nft::apply(diff(have, want), have);
    REQUIRE(got.has_value());
    REQUIRE(got->at(kKey).sets.at("cut") == have.at(kKey).sets.at("cut"));
  }
}

TEST_CASE("a change that is impossible in place replaces the whole table") {
  const auto is_whole = [](const TablePlan& plan) {
    return plan.delete_table && plan.create_table && plan.add_sets.size() == 3 && plan.add_chains.size() == 3 &&
           plan.elements.size() == 2;
  };
  REQUIRE(is_whole(table_plan_of([](Table& t) { t.sets["pods"].spec.size = 5; })));
  REQUIRE(is_whole(table_plan_of([](Table& t) { t.sets["cut"].spec.timeout = std::chrono::hours(2); })));
  REQUIRE(is_whole(table_plan_of([](Table& t) { t.chains["forward"].base->priority = 1; })));
  REQUIRE(is_whole(table_plan_of([](Table& t) { t.chains["k2"].base = BaseChain{0}; })));
}

TEST_CASE("tables are created and deleted") {
  const Plan come = diff({}, small());
  REQUIRE(come.tables.at(kKey).create_table);
  REQUIRE_FALSE(come.tables.at(kKey).delete_table);

  TablePlan deletion;
  deletion.delete_table = true;
  REQUIRE(diff(small(), {}) == Plan{{{kKey, deletion}}});
}

TEST_CASE("the size of a plan counts its changes") {
  const PlanSize size = size_of(diff({}, small()));
  REQUIRE(size.sets == 3);
  REQUIRE(size.chains == 3);
  REQUIRE(size.rules == 2);
  REQUIRE(size.elements == 2);
}

}  // namespace
}  // namespace selvage::nft
