#include "nft/plan/operations.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "nft/model/statements.h"
#include "tests/support/property.h"
#include "tests/support/random_ruleset.h"

namespace selvage::nft {
namespace {

const TableKey kKey{TableFamily::inet, "selvage"};
const SetSpec kSpec{{FieldType::inet_proto}};

TablePlan one_of_each() {
  TablePlan plan;
  plan.delete_table = true;
  plan.create_table = true;
  plan.add_sets["s"] = kSpec;
  plan.delete_sets = {"old-s"};
  plan.add_chains["c"] = {std::nullopt, {RuleBuilder().drop()}, {}};
  plan.replace_rules["r"] = {RuleBuilder().accept(), RuleBuilder().drop()};
  plan.delete_chains = {"old-c"};
  plan.elements["s"] = {kSpec, {{ElementKey{"\6", {}}, {}}}, {}};
  plan.elements["t"] = {kSpec, {}, {ElementKey{"\6", {}}, ElementKey{"\7", {}}}};
  return plan;
}

std::vector<std::string> descriptions(const Plan& plan) {
  std::vector<std::string> all;
  for (const Operation& operation : operations(plan)) all.push_back(describe(operation));
  return all;
}

TEST_CASE("operations are in the order of the contract") {
  REQUIRE(descriptions(Plan{{{kKey, one_of_each()}}}) == std::vector<std::string>{
                                                             "delete table inet selvage",
                                                             "add table inet selvage",
                                                             "flush chain inet selvage r",
                                                             "flush chain inet selvage old-c",
                                                             "delete 2 elements from set inet selvage t",
                                                             "add chain inet selvage c",
                                                             "add set inet selvage s",
                                                             "add 1 element to set inet selvage s",
                                                             "add rule 0 of chain inet selvage c",
                                                             "add rule 0 of chain inet selvage r",
                                                             "add rule 1 of chain inet selvage r",
                                                             "delete set inet selvage old-s",
                                                             "delete chain inet selvage old-c",
                                                         });
}

TEST_CASE("empty plans and changes have no operations") {
  TablePlan plan;
  plan.elements["s"] = {kSpec, {}, {}};
  REQUIRE(plan.empty());
  REQUIRE(operations(Plan{{{kKey, plan}}}).empty());
}

TEST_CASE("operations point into the plan, whatever its size") {
  const Plan plan{{{kKey, one_of_each()}}};
  for (const Operation& operation : operations(plan)) {
    if (const auto* add = std::get_if<AddElements>(&operation.action)) {
      REQUIRE(add->elements == &plan.tables.at(kKey).elements.at("s").add);
    }
  }
}

TEST_CASE("every entry of a plan is one operation") {
  testing::for_each_seed(300, [](auto& random) {
    const Ruleset have = random_ruleset(random);
    const Plan plan = diff(have, random_ruleset(random));
    const PlanSize size = size_of(plan);
    const std::vector<Operation> all = operations(plan);
    const auto count = [&](auto type) {
      return static_cast<std::size_t>(std::ranges::count_if(
          all, [](const Operation& o) { return std::holds_alternative<decltype(type)>(o.action); }));
    };
    REQUIRE(count(AddRule{}) == size.rules);
    REQUIRE(count(AddSet{}) + count(DeleteSet{}) == size.sets);
    REQUIRE(count(AddChain{}) + count(FlushChain{}) == size.chains);
  });
}

}  // namespace
}  // namespace selvage::nft
