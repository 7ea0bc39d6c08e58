#include <algorithm>
#include <cerrno>
#include <map>

#include "nft/model/statements.h"
#include "tests/nft/kernels.h"

/// The refused parts of a plan that a Kernel reports. Part of the contract of contract_test.cc.
namespace selvage::nft {
namespace {

using Kind = PlanPart::Kind;

PlanPart part(Kind kind, const std::string& name) {
  PlanPart part;
  part.table = kTable;
  part.kind = kind;
  part.name = name;
  return part;
}
PlanPart deletion_of(PlanPart part) {
  part.deletion = true;
  return part;
}
PlanPart element(const std::string& set, ElementKey key) {
  PlanPart found = part(Kind::element, set);
  found.element = std::move(key);
  return found;
}
PlanPart rule(const std::string& chain, std::size_t index) {
  PlanPart found = part(Kind::rule, chain);
  found.rule = index;
  return found;
}

/// A kernel with `small_table`, and a plan for it.
struct RefusedParts {
  AnyKernel kernel{GENERATE("fake", "netlink")};
  Plan plan;

  RefusedParts() { put_table(*kernel, small_table()); }
  SetChange& elements(const std::string& set) {
    SetChange& elements = change(plan).elements[set];
    elements.spec = small_table().sets.at(set).spec;
    return elements;
  }
  /// The kernel names these, in this order, and changes nothing.
  void check_refused(const std::vector<RefusedPart>& expected) {
    const Ruleset before = read_table(*kernel);
    const auto done = kernel->commit(plan);
    REQUIRE_FALSE(done);
    INFO(done.error().message);
    CHECK(done.error().parts == expected);
    if (!expected.empty()) CHECK(done.error().code == expected.front().code);
    CHECK(read_table(*kernel) == before);
  }
};

const ElementKey kNew = single(ipv4("10.0.0.9"));
const ElementKey kThere = single(ipv4("10.0.0.1"));

}  // namespace

TEST_CASE_METHOD(RefusedParts, "a refused part of any kind is named") {
  SECTION("an element") {
    elements("peers").add = {{single(ipv4("10.0.0.2")), {go_to("k1"), {}}}, {kNew, {go_to("none"), {}}}};
    check_refused({{element("peers", kNew), ENOENT}});
  }
  SECTION("a deleted element") {
    elements("pods").del = {kThere, kNew};
    check_refused({{deletion_of(element("pods", kNew)), ENOENT}});
  }
  SECTION("a range") {
    const ElementKey range{ipv4("10.0.0.8"), ipv4("10.0.1.9")};
    elements("blocks").add = {{{ipv4("10.9.0.0"), ipv4("10.9.0.9")}, {}}, {range, {}}};
    check_refused({{element("blocks", range), EEXIST}});
  }
  SECTION("a rule") {
    change(plan).replace_rules["k1"] = {RuleBuilder().drop(), RuleBuilder().jump("none")};
    check_refused({{rule("k1", 1), ENOENT}});
  }
  SECTION("a set") {
    change(plan).add_sets["pods"] = spec_of({FieldType::ipv6_addr});
    check_refused({{part(Kind::set, "pods"), EEXIST}});
  }
  SECTION("a deleted set") {
    change(plan).delete_sets = {"pods"};
    check_refused({{deletion_of(part(Kind::set, "pods")), EBUSY}});
  }
  SECTION("a deleted chain") {
    change(plan).delete_chains = {"k1"};
    check_refused({{deletion_of(part(Kind::chain, "k1")), EBUSY}});
  }
  SECTION("a chain") {
    change(plan).add_chains["forward"].base = BaseChain{7};
    check_refused({{part(Kind::chain, "forward"), EOPNOTSUPP}});
  }
}

TEST_CASE_METHOD(RefusedParts, "a deleted table") {
  change(plan).delete_table = true;
  plan.tables[{TableFamily::inet, "none"}].delete_table = true;
  PlanPart table = deletion_of(part(Kind::table, ""));
  table.table.name = "none";
  check_refused({{table, ENOENT}});
}

TEST_CASE_METHOD(RefusedParts, "all refused parts are named in the order of the transaction") {
  elements("peers").add = {{kNew, {go_to("none"), {}}}};
  elements("pods").del = {kNew};
  change(plan).replace_rules["k1"] = {RuleBuilder().jump("none"), RuleBuilder().drop(), RuleBuilder().jump("none")};
  change(plan).delete_sets = {"pods", "none"};
  check_refused({{deletion_of(element("pods", kNew)), ENOENT},
                 {element("peers", kNew), ENOENT},
                 {rule("k1", 0), ENOENT},
                 {rule("k1", 2), ENOENT},
                 {deletion_of(part(Kind::set, "none")), ENOENT},
                 {deletion_of(part(Kind::set, "pods")), EBUSY}});
}

TEST_CASE_METHOD(RefusedParts, "a full set refuses the first element that does not fit") {
  SetSpec spec = spec_of({FieldType::inet_service});
  spec.size = 2;
  change(plan).add_sets["few"] = spec;
  change(plan).elements["few"] = {spec, {{single(be16(1)), {}}, {single(be16(2)), {}}, {single(be16(3)), {}}}, {}};
  check_refused({{element("few", single(be16(3))), ENFILE}});
}

TEST_CASE_METHOD(RefusedParts, "consequences of a refused part are named after it") {
  change(plan).add_sets["pods"] = spec_of({FieldType::ipv6_addr});
  change(plan).add_sets["new"] = spec_of({FieldType::ipv4_addr});
  change(plan).elements["new"] = {spec_of({FieldType::ipv4_addr}), {{kNew, {}}}, {}};
  change(plan).delete_chains = {"none"};
  check_refused({{deletion_of(part(Kind::chain, "none")), ENOENT},
                 {part(Kind::set, "pods"), EEXIST},
                 {deletion_of(part(Kind::chain, "none")), ENOENT}});
}

TEST_CASE_METHOD(RefusedParts, "a value that fits no message is named") {
  const std::string long_name(256, 'x');
  SECTION("a chain") {
    change(plan).add_chains[long_name];
    check_refused({{part(Kind::chain, long_name), ENAMETOOLONG}});
  }
  SECTION("a set") {
    change(plan).add_sets[long_name] = spec_of({FieldType::ipv4_addr});
    check_refused({{part(Kind::set, long_name), ENAMETOOLONG}});
  }
  SECTION("a rule") {
    change(plan).replace_rules["k1"] = {RuleBuilder().drop(), Rule{Expressions(200, Counter{}), {}}};
    check_refused({{rule("k1", 1), EINVAL}});
  }
}

TEST_CASE_METHOD(RefusedParts, "the real kernel names each element that fits no message") {
  AnyKernel real("netlink");
  put_table(*real, small_table());
  const std::string long_name(256, 'x');
  elements("peers").add = {{single(ipv4("10.0.0.2")), {go_to("k1"), {}}},
                           {single(ipv4("10.0.0.3")), {go_to(long_name), {}}},
                           {kNew, {go_to(long_name), {}}}};
  const auto done = real->commit(plan);
  REQUIRE_FALSE(done);
  CHECK(done.error().parts == std::vector<RefusedPart>{{element("peers", single(ipv4("10.0.0.3"))), ENAMETOOLONG},
                                                       {element("peers", kNew), ENAMETOOLONG}});
}

TEST_CASE_METHOD(RefusedParts, "chains in a cycle: any or none of them is named") {
  change(plan).replace_rules["k1"] = {RuleBuilder().jump("k2")};
  change(plan).replace_rules["k2"] = {RuleBuilder().jump("k1")};
  const auto done = kernel->commit(plan);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == EMLINK);
}

}  // namespace selvage::nft
