#include <cerrno>

#include "nft/model/statements.h"
#include "tests/nft/kernels.h"

/// The plans that every Kernel refuses, their errno, and that a refused plan changes nothing. Part of the contract of
/// contract_test.cc.
namespace selvage::nft {
namespace {

/// A kernel with `small_table`, and a plan whose first part would show if only half of it took place.
struct Refused {
  AnyKernel kernel{GENERATE("fake", "netlink")};
  Plan plan;

  Refused() {
    put_table(*kernel, small_table());
    change(plan).add_chains["first"];
  }
  /// Adds the element to the set of `small_table`.
  void add(const std::string& set, ElementKey key, ElementData data = {}) {
    plan_of(set).add[std::move(key)] = std::move(data);
  }
  void del(const std::string& set, ElementKey key) { plan_of(set).del.insert(std::move(key)); }
  void set_rules(std::vector<Rule> rules) { change(plan).replace_rules["k1"] = std::move(rules); }
  int code() { return refusal_of(*kernel, plan); }

 private:
  SetChange& plan_of(const std::string& set) {
    SetChange& elements = change(plan).elements[set];
    elements.spec = small_table().sets.at(set).spec;
    return elements;
  }
};

ElementKey range(const char* first, const char* last) { return {ipv4(first), ipv4(last)}; }
ElementKey ports(unsigned first, unsigned last) { return {triple("10.0.0.1", 6, first), triple("10.0.0.1", 6, last)}; }

}  // namespace

TEST_CASE_METHOD(Refused, "verdicts must lead to an existing regular chain") {
  SECTION("an element's, to no chain") {
    add("peers", single(ipv4("10.0.0.9")), {go_to("none"), {}});
    CHECK(code() == ENOENT);
  }
  SECTION("an element's, to a base chain") {
    add("peers", single(ipv4("10.0.0.9")), {go_to("forward"), {}});
    CHECK(code() == EOPNOTSUPP);
  }
  SECTION("a rule's, to no chain") {
    set_rules({RuleBuilder().jump("none")});
    CHECK(code() == ENOENT);
  }
  SECTION("in a cycle") {
    set_rules({RuleBuilder().jump("k2")});
    change(plan).replace_rules["k2"] = {RuleBuilder().jump("k1")};
    CHECK(code() == EMLINK);
  }
}

TEST_CASE_METHOD(Refused, "a rule's lookups must fit the existing sets") {
  SECTION("no set") {
    set_rules({RuleBuilder().in({Selector::ip_saddr}, "none").drop()});
    CHECK(code() == ENOENT);
  }
  SECTION("a set looked up for a verdict") {
    set_rules({RuleBuilder().vmap({Selector::ip_saddr}, "pods").build()});
    CHECK(code() == EINVAL);
  }
  SECTION("a foreign expression") {
    set_rules({Rule{{Foreign{"masq"}}, {}}});
    CHECK_FALSE(kernel->commit(plan));
  }
}

TEST_CASE_METHOD(Refused, "objects in use cannot be deleted") {
  SECTION("a chain that a map names") { change(plan).delete_chains = {"k1"}; }
  SECTION("a set that a rule looks up") { change(plan).delete_sets = {"pods"}; }
  CHECK(code() == EBUSY);
}

TEST_CASE_METHOD(Refused, "absent objects cannot be deleted") {
  SECTION("a set") { change(plan).delete_sets = {"none"}; }
  SECTION("a chain") { change(plan).delete_chains = {"none"}; }
  SECTION("an element") { del("pods", single(ipv4("10.0.0.9"))); }
  SECTION("a range") { del("blocks", range("10.1.0.0", "10.1.0.255")); }
  SECTION("half a range") { del("blocks", range("10.0.0.0", "10.0.0.127")); }
  SECTION("a concatenated range") { del("port-ranges", ports(30, 40)); }
  CHECK(code() == ENOENT);
}

TEST_CASE_METHOD(Refused, "objects that conflict with existing ones cannot be added") {
  SECTION("a second verdict for a key") { add("peers", single(ipv4("10.0.0.1")), {go_to("k2"), {}}); }
  SECTION("a range inside another") { add("blocks", range("10.0.0.8", "10.0.0.9")); }
  SECTION("a range across another's end") { add("blocks", range("10.0.0.8", "10.0.1.9")); }
  SECTION("a range around another") { add("blocks", range("9.0.0.0", "11.0.0.0")); }
  SECTION("a concatenated range across another's end") { add("port-ranges", ports(15, 30)); }
  SECTION("a set with another specification") { change(plan).add_sets["pods"] = spec_of({FieldType::ipv6_addr}); }
  CHECK(code() == EEXIST);
}

TEST_CASE_METHOD(Refused, "a set holds no more elements than its size") {
  SetSpec spec = spec_of({FieldType::inet_service});
  spec.size = 2;
  change(plan).add_sets["few"] = spec;
  change(plan).elements["few"] = {spec, {{single(be16(1)), {}}, {single(be16(2)), {}}, {single(be16(3)), {}}}, {}};
  CHECK(code() == ENFILE);
}

TEST_CASE("an operation on an absent table is refused") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  Plan plan;
  change(plan).add_chains["k1"];
  CHECK(refusal_of(*kernel, plan) == ENOENT);
}

}  // namespace selvage::nft
