#include <catch2/catch.hpp>
#include <cerrno>

#include "nft/model/statements.h"
#include "nft/plan/plan.h"
#include "tests/support/fake_kernel.h"

namespace selvage::nft {
namespace {

using enum FieldType;

const TableKey kKey{TableFamily::inet, "t"};
const SetSpec kAddresses{{ipv4_addr}};
const SetSpec kMap{{ipv4_addr}, false, true};
const SetSpec kBlocks{{ipv4_addr}, true};
const SetSpec kPorts{{ipv4_addr, inet_service}, true};

std::string address(char last) { return std::string("\x0a\0\0", 3) + last; }
ElementKey one(char last) { return {address(last), {}}; }
ElementKey range(char first, char last) { return {address(first), address(last)}; }
/// In `kPorts`.
ElementKey ports(char host, char first, char last) {
  const auto end = [&](char port) { return address(host) + std::string(1, '\0') + port + std::string(2, '\0'); };
  return {end(first), end(last)};
}
ElementData to(Verdict::Code code, std::string chain = {}) { return {share({code, std::move(chain)}), {}}; }
ElementData go_to(std::string chain) { return to(Verdict::Code::go_to, std::move(chain)); }

/// chain f (base) looks up map m, whose one element names k, which looks up set s; no rule looks up blocks and ports.
Ruleset start() {
  Table table;
  table.sets["s"] = {kAddresses, {{one(1), {{}, "first"}}}};
  table.sets["m"] = {kMap, {{one(1), go_to("k")}}};
  table.sets["blocks"] = {kBlocks, {{range(10, 20), {}}}};
  table.sets["ports"] = {kPorts, {{ports(1, 10, 20), {}}}};
  table.chains["k"].rules = {RuleBuilder().in({Selector::ip_daddr}, "s").returns()};
  table.chains["d"] = {};
  table.chains["f"] = {BaseChain{0}, {RuleBuilder().vmap({Selector::ip_saddr}, "m").build()}, {}};
  return {{kKey, table}};
}

Result<Ruleset> after(TablePlan plan) { return nft::apply(Plan{{{kKey, std::move(plan)}}}, start()); }
/// The errno; 0 for success.
int code_after(TablePlan plan) {
  const Result<Ruleset> got = after(std::move(plan));
  return got ? 0 : got.error().code;
}

TablePlan adding(const std::string& set, const ElementKey& key, const ElementData& data = {}) {
  TablePlan plan;
  plan.elements[set] = {{}, {{key, data}}, {}};
  return plan;
}
TablePlan deleting(const std::string& set, const ElementKey& key) {
  TablePlan plan;
  plan.elements[set] = {{}, {}, {key}};
  return plan;
}
TablePlan with_rules(const std::string& chain, std::vector<Rule> rules) {
  TablePlan plan;
  plan.replace_rules[chain] = std::move(rules);
  return plan;
}

TEST_CASE("elements") {
  SECTION("added again are no change and keep their comment") {
    const Result<Ruleset> got = after(adding("s", one(1), {{}, "second"}));
    REQUIRE(got.has_value());
    REQUIRE(got->at(kKey).sets.at("s").elements.at(one(1)).comment == "first");
  }
  SECTION("added again with another verdict are refused") {
    REQUIRE(code_after(adding("m", one(1), go_to("d"))) == EEXIST);
    REQUIRE(code_after(adding("m", one(1), go_to("k"))) == 0);
  }
  SECTION("get another verdict by deletion and addition in one plan") {
    TablePlan plan = adding("m", one(1), go_to("d"));
    plan.elements["m"].del = {one(1)};
    REQUIRE(code_after(plan) == 0);
  }
  SECTION("that do not exist cannot be deleted") { REQUIRE(code_after(deleting("s", one(2))) == ENOENT); }
  SECTION("need their set") { REQUIRE(code_after(adding("none", one(1))) == ENOENT); }
  SECTION("need the chain of their verdict") {
    REQUIRE(code_after(adding("m", one(2), go_to("none"))) == ENOENT);
    REQUIRE(code_after(adding("m", one(2), go_to("f"))) == EOPNOTSUPP);
  }
  SECTION("must have the set's shape") {
    REQUIRE(code_after(adding("s", {"abc", {}})) == EINVAL);
    REQUIRE(code_after(adding("s", one(2), go_to("k"))) == EINVAL);
    REQUIRE(code_after(adding("m", one(2))) == EINVAL);
    REQUIRE(code_after(adding("blocks", one(2))) == EINVAL);
    REQUIRE(code_after(adding("blocks", range(5, 4))) == EINVAL);
  }
  SECTION("are refused beyond the set's size") {
    TablePlan plan;
    plan.add_sets["small"] = {{ipv4_addr}, false, false, {}, 1};
    plan.elements["small"] = {{}, {{one(1), {}}}, {}};
    REQUIRE(code_after(plan) == 0);
    plan.elements["small"].add[one(2)];
    REQUIRE(code_after(plan) == ENFILE);
  }
}

TEST_CASE("ranges must not overlap") {
  for (const auto& [first, last] : {std::pair<char, char>{15, 16}, {5, 10}, {20, 25}, {5, 25}, {10, 19}, {11, 20}}) {
    CHECK(code_after(adding("blocks", range(first, last))) == EEXIST);
    CHECK(code_after(adding("ports", ports(1, first, last))) == EEXIST);
    CHECK(code_after(adding("ports", ports(2, first, last))) == 0);
  }
  for (const auto& [first, last] : {std::pair<char, char>{9, 9}, {21, 30}, {1, 9}, {10, 20}}) {
    CHECK(code_after(adding("blocks", range(first, last))) == 0);
    CHECK(code_after(adding("ports", ports(1, first, last))) == 0);
  }
  SECTION("across several hosts") {
    ElementKey wide = ports(0, 15, 15);
    wide.last = ports(9, 15, 15).first;
    CHECK(code_after(adding("ports", wide)) == EEXIST);
    wide.last = ports(0, 15, 15).last;
    CHECK(code_after(adding("ports", wide)) == 0);
  }
  SECTION("with a wide one added earlier in the same plan") {
    TablePlan plan = adding("ports", {ports(0, 30, 30).first, ports(9, 30, 30).last});
    plan.elements["ports"].add[ports(2, 30, 31)];
    CHECK(code_after(plan) == EEXIST);
  }
  SECTION("with one added earlier in the same plan") {
    TablePlan plan = adding("blocks", range(30, 40));
    plan.elements["blocks"].add[range(35, 45)];
    CHECK(code_after(plan) == EEXIST);
  }
  SECTION("a deleted one makes room in the same plan") {
    TablePlan plan = adding("blocks", range(15, 30));
    plan.elements["blocks"].del = {range(10, 20)};
    CHECK(code_after(plan) == 0);
  }
}

TEST_CASE("an object that is referred to cannot be deleted") {
  TablePlan plan;
  SECTION("a chain that an element names") { plan.delete_chains = {"k"}; }
  SECTION("a set that a rule looks up") { plan.delete_sets = {"s"}; }
  SECTION("a map that a rule looks up") { plan.delete_sets = {"m"}; }
  REQUIRE(code_after(plan) == EBUSY);
}

TEST_CASE("an object can be deleted together with what refers to it") {
  TablePlan plan = with_rules("f", {});
  plan.delete_sets = {"m", "s"};
  plan.delete_chains = {"k"};
  const Result<Ruleset> got = after(plan);
  REQUIRE(got.has_value());
  REQUIRE(got->at(kKey).chains.size() == 2);
  REQUIRE(got->at(kKey).sets.size() == 2);
}

TEST_CASE("an absent object cannot be deleted") {
  TablePlan plan;
  SECTION("set") { plan.delete_sets = {"none"}; }
  SECTION("chain") { plan.delete_chains = {"none"}; }
  SECTION("rules") { plan.replace_rules["none"]; }
  REQUIRE(code_after(plan) == ENOENT);
}

TEST_CASE("tables") {
  TablePlan deletion;
  deletion.delete_table = true;
  REQUIRE(nft::apply(Plan{{{kKey, deletion}}}, start()).value() == Ruleset{});
  REQUIRE(nft::apply(Plan{{{kKey, deletion}}}, {}).error().code == ENOENT);
  REQUIRE(nft::apply(Plan{{{kKey, adding("s", one(1))}}}, {}).error().code == ENOENT);
}

TEST_CASE("existing sets and chains") {
  TablePlan plan;
  SECTION("added identically are no change") {
    plan.add_sets["s"] = kAddresses;
    plan.add_chains["f"] = {BaseChain{0}, {}, {}};
    REQUIRE(after(plan).value() == start());
  }
  SECTION("added as another set") {
    plan.add_sets["s"] = kBlocks;
    REQUIRE(code_after(plan) == EEXIST);
  }
  SECTION("added as a regular chain") {
    plan.add_chains["k"] = {BaseChain{0}, {}, {}};
    REQUIRE(code_after(plan) == EEXIST);
  }
  SECTION("added as a base chain of another priority") {
    plan.add_chains["f"] = {BaseChain{5}, {}, {}};
    REQUIRE(code_after(plan) == EOPNOTSUPP);
  }
}

TEST_CASE("rules refer to existing sets and chains") {
  const auto code = [](Rule rule) { return code_after(with_rules("d", {std::move(rule)})); };
  CHECK(code(RuleBuilder().in({Selector::ip_saddr}, "none").drop()) == ENOENT);
  CHECK(code(RuleBuilder().jump("none")) == ENOENT);
  CHECK(code(RuleBuilder().go_to("f")) == EOPNOTSUPP);
  CHECK(code(RuleBuilder().in({Selector::ip_saddr}, "m").drop()) == EINVAL);
  CHECK(code(RuleBuilder().vmap({Selector::ip_saddr}, "s").build()) == EINVAL);
  CHECK(code(Rule{{Foreign{"masq"}}, {}}) == EOPNOTSUPP);
  CHECK(code(RuleBuilder().in({Selector::ip_saddr}, "s").drop()) == 0);
}

TEST_CASE("jumps are finite") {
  SECTION("a cycle that packets can reach") {
    TablePlan plan = with_rules("k", {RuleBuilder().jump("d")});
    plan.replace_rules["d"] = {RuleBuilder().go_to("k")};
    REQUIRE(code_after(plan) == EMLINK);
  }
  SECTION("a cycle through a map") {
    REQUIRE(code_after(with_rules("k", {RuleBuilder().vmap({Selector::ip_saddr}, "m").build()})) == EMLINK);
  }
  SECTION("a cycle out of reach is allowed") { REQUIRE(code_after(with_rules("d", {RuleBuilder().jump("d")})) == 0); }
  SECTION("fifteen steps are allowed and sixteen are not") {
    const auto steps = [](int count) {
      TablePlan plan;
      for (int i = 1; i <= count; ++i) {
        const std::string next = "j" + std::to_string(i + 1);
        plan.add_chains["j" + std::to_string(i)].rules = {i < count ? RuleBuilder().go_to(next) : RuleBuilder().drop()};
      }
      plan.replace_rules["f"] = {RuleBuilder().jump("j1")};
      return plan;
    };
    REQUIRE(code_after(steps(15)) == 0);
    REQUIRE(code_after(steps(16)) == EMLINK);
  }
}

TEST_CASE("a refusal names the operation and the element") {
  const Result<Ruleset> got = after(adding("m", one(2), go_to("none")));
  REQUIRE_THAT(got.error().message, Catch::Contains("inet t m") && Catch::Contains("10.0.0.2"));
}

TEST_CASE("the fake kernel commits all of a plan or nothing") {
  FakeKernel kernel(start());
  TablePlan plan = adding("s", one(2));
  plan.delete_chains = {"k"};
  REQUIRE_FALSE(kernel.commit(Plan{{{kKey, plan}}}).has_value());
  REQUIRE(kernel.ruleset() == start());
  REQUIRE(kernel.commits() == 0);

  REQUIRE(kernel.commit(Plan{{{kKey, adding("s", one(2))}}}).has_value());
  REQUIRE(kernel.ruleset() != start());
  REQUIRE(kernel.commits() == 1);
}

TEST_CASE("the fake kernel refuses once on request") {
  FakeKernel kernel(start());
  const Plan plan{{{kKey, adding("s", one(2))}}};
  kernel.refuse_next_commit(ENOBUFS);
  REQUIRE(kernel.commit({}).has_value());
  REQUIRE(kernel.commit(plan).error().code == ENOBUFS);
  REQUIRE(kernel.ruleset() == start());
  REQUIRE(kernel.commit(plan).has_value());
}

TEST_CASE("the fake kernel reads the requested tables") {
  FakeKernel kernel(start());
  const std::vector<TableKey> asked{kKey, {TableFamily::bridge, "t"}};
  REQUIRE(kernel.read(asked).value() == start());
  REQUIRE(kernel.read({}).value() == Ruleset{});
}

}  // namespace
}  // namespace selvage::nft
