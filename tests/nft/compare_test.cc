#include "nft/plan/compare.h"

#include <catch2/catch.hpp>

#include "nft/model/statements.h"
#include "nft/plan/plan.h"
#include "nft/text/text.h"
#include "tests/nft/kernels.h"
#include "tests/support/property.h"
#include "tests/support/random_ruleset.h"

/// Differences are named object by object.
namespace selvage::nft {
namespace {

using testing::for_each_seed;
using Examples = std::vector<std::string>;

/// The differences after `change` of a small table that should not have changed.
Differences differences_of(void (*change)(Table&), std::size_t most = 5) {
  Table table = small_table();
  change(table);
  return compare({{kTable, table}}, {{kTable, small_table()}}, most);
}

Differences one(ObjectKind kind, Deviation deviation, const Examples& examples) {
  return {{{kTable, kind, deviation}, {examples.size(), examples}}};
}

}  // namespace

TEST_CASE("rulesets have no differences exactly when the plan between them is empty") {
  for_each_seed(1500, [](auto& random) {
    const Ruleset have = random_ruleset(random);
    const Ruleset want = random_ruleset(random);
    INFO(to_text(have) << "wanted:\n" << to_text(want));
    CHECK(compare(have, want, 3).empty() == diff(have, want).empty());
    CHECK(compare(have, have, 3).empty());
  });
}

TEST_CASE("a single change of a random ruleset is a difference exactly when a plan would undo it") {
  for_each_seed(1500, [](auto& random) {
    const Ruleset want = random_ruleset(random);
    Ruleset have = want;
    for (auto& [key, table] : have) {
      for (auto& [name, set] : table.sets) {
        if (!set.elements.empty() && testing::chance(random, 30)) set.elements.erase(set.elements.begin());
      }
      for (auto& [name, chain] : table.chains) {
        if (testing::chance(random, 10)) std::reverse(chain.rules.begin(), chain.rules.end());
        if (testing::chance(random, 10)) chain.rules.push_back(RuleBuilder().accept());
      }
    }
    INFO(to_text(have) << "wanted:\n" << to_text(want));
    CHECK(compare(have, want, 3).empty() == diff(have, want).empty());
  });
}

TEST_CASE("differences name elements, rules, sets, chains and tables") {
  CHECK(differences_of([](Table&) {}).empty());
  CHECK(differences_of([](Table& t) { t.sets["pods"].elements.clear(); }) ==
        one(ObjectKind::element, Deviation::missing, {"pods { 10.0.0.1 }"}));
  CHECK(differences_of([](Table& t) { t.sets["pods"].elements[single(ipv4("10.0.0.9"))]; }) ==
        one(ObjectKind::element, Deviation::unexpected, {"pods { 10.0.0.9 }"}));
  CHECK(differences_of([](Table& t) { t.sets["peers"].elements.begin()->second.verdict = go_to("k2"); }) ==
        one(ObjectKind::element, Deviation::different, {"peers { 10.0.0.1 : goto k2 }, not goto k1"}));
  CHECK(differences_of([](Table& t) { t.chains["k2"].rules = {RuleBuilder().accept()}; }) ==
        one(ObjectKind::rule, Deviation::unexpected, {"k2: accept"}));
  CHECK(differences_of([](Table& t) { t.chains["forward"].rules.pop_back(); }) ==
        one(ObjectKind::rule, Deviation::missing, {"forward: ip saddr @pods drop"}));
  CHECK(differences_of([](Table& t) { t.sets["guests"]; }) == one(ObjectKind::set, Deviation::unexpected, {"guests"}));
  CHECK(differences_of([](Table& t) { t.sets.erase("blocks"); }) ==
        one(ObjectKind::set, Deviation::missing, {"blocks"}));
  CHECK(differences_of([](Table& t) { t.chains["guest"]; }) ==
        one(ObjectKind::chain, Deviation::unexpected, {"guest"}));
  CHECK(differences_of([](Table& t) { t.chains.erase("k2"); }) == one(ObjectKind::chain, Deviation::missing, {"k2"}));
  const auto owned = differences_of([](Table& t) { t.ownership = Ownership::taken; });
  CHECK(owned.count({kTable, ObjectKind::table, Deviation::different}) == 1);
  CHECK(compare({}, {{kTable, small_table()}}, 5).count({kTable, ObjectKind::table, Deviation::missing}) == 1);
  CHECK(compare({{kTable, small_table()}}, {}, 5).count({kTable, ObjectKind::table, Deviation::unexpected}) == 1);
}

TEST_CASE("another definition of a set or chain is one difference, whatever it contains") {
  const auto set = differences_of([](Table& t) { t.sets["pods"].spec.interval = true; });
  REQUIRE(set.size() == 1);
  CHECK(set.begin()->first == DifferenceKey{kTable, ObjectKind::set, Deviation::different});
  const auto chain = differences_of([](Table& t) { t.chains["forward"].base->priority = 1; });
  REQUIRE(chain.size() == 1);
  CHECK(chain.begin()->first == DifferenceKey{kTable, ObjectKind::chain, Deviation::different});
  const auto order =
      differences_of([](Table& t) { std::swap(t.chains["forward"].rules[0], t.chains["forward"].rules[1]); });
  REQUIRE(order.size() == 1);
  CHECK(order.begin()->first == DifferenceKey{kTable, ObjectKind::chain, Deviation::different});
}

TEST_CASE("all differences are counted and the first few named") {
  const auto found = differences_of(
      [](Table& t) {
        for (const char* address : {"10.0.0.7", "10.0.0.8", "10.0.0.9"}) t.sets["pods"].elements[single(ipv4(address))];
      },
      2);
  REQUIRE(found.size() == 1);
  CHECK(found.begin()->second == DifferenceCount{3, {"pods { 10.0.0.7 }", "pods { 10.0.0.8 }"}});
}

TEST_CASE("live elements and comments are no difference") {
  Table want = small_table();
  want.sets["cut"].spec = spec_of({FieldType::ct_id});
  want.sets["cut"].spec.timeout = std::chrono::hours(1);
  Table have = want;
  have.sets["cut"].elements[single("abcd")];
  have.sets["pods"].elements.begin()->second.comment = "somebody";
  have.chains["k1"].comment = have.comment = "else";
  CHECK(compare({{kTable, have}}, {{kTable, want}}, 5).empty());
}

}  // namespace selvage::nft
