#include <array>
#include <cerrno>

#include "nft/model/statements.h"
#include "tests/nft/kernels.h"

/// The contract of every Kernel, checked for the fake and the real one.
namespace selvage::nft {
namespace {

/// A set, map or chain of every kind that a table can have.
Table everything() {
  Table table;
  table.comment = "all kinds";
  table.sets["addresses4"] = {spec_of({FieldType::ipv4_addr}), {{single(ipv4("10.0.0.1")), {{}, "one"}}}};
  table.sets["addresses6"] = {spec_of({FieldType::ipv6_addr}), {{single(ipv6("fd00::1")), {}}}};
  table.sets["bridges"] = {spec_of({FieldType::ifname}), {{single(ifname("cni0")), {}}}};
  table.sets["protocols"] = {spec_of({FieldType::inet_proto}), {{single("\x06"), {}}}};
  table.sets["services"] = {spec_of({FieldType::inet_service}), {{single(be16(80)), {}}}};
  table.sets["ethernet"] = {spec_of({FieldType::ether_type}), {{single(be16(0x0800)), {}}}};
  table.sets["discovery"] = {spec_of({FieldType::icmpv6_type}), {{single("\x85"), {}}}};
  table.sets["cut"].spec = spec_of({FieldType::ct_id});
  table.sets["cut"].spec.timeout = std::chrono::hours(1);
  table.sets["cut"].spec.size = 65536;
  table.sets["ports"] = {spec_of({FieldType::ipv4_addr, FieldType::inet_proto, FieldType::inet_service}),
                         {{single(triple("10.0.0.1", 6, 80)), {}}}};
  table.sets["port-ranges"] = {ranges_of({FieldType::ipv4_addr, FieldType::inet_proto, FieldType::inet_service}),
                               {{{triple("10.0.0.1", 17, 9000), triple("10.0.0.1", 17, 9100)}, {{}, "range"}},
                                {{triple("10.0.0.2", 17, 1), triple("10.0.0.2", 17, 1)}, {}}}};
  table.sets["blocks"] = {ranges_of({FieldType::ipv4_addr}),
                          {{{ipv4("0.0.0.0"), ipv4("9.255.255.255")}, {{}, "low"}},
                           {{ipv4("10.0.0.0"), ipv4("10.0.0.0")}, {{}, "beside"}},
                           {{ipv4("172.16.0.0"), ipv4("172.31.255.255")}, {}},
                           {{ipv4("240.0.0.0"), ipv4("255.255.255.255")}, {{}, "high"}}}};
  table.sets["peers"] = {verdicts_of({FieldType::ipv4_addr}),
                         {{single(ipv4("10.0.0.2")), {go_to("k1"), "a/b"}},
                          {single(ipv4("10.0.0.3")), {share({Verdict::Code::drop, {}}), {}}}}};
  table.sets["cells"] = {ranges_of({FieldType::ipv6_addr}), {}};
  table.sets["cells"].spec.verdict_map = true;
  table.sets["cells"].elements[{ipv6("::"), ipv6("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")}] = {go_to("k1"), "all"};

  table.chains["k1"].comment = "a class";
  table.chains["k1"].rules = {
      RuleBuilder().in({Selector::ip_daddr, Selector::l4proto, Selector::th_dport}, "ports").returns(),
      RuleBuilder().in({Selector::ip_daddr, Selector::l4proto, Selector::th_dport}, "port-ranges").returns(),
      RuleBuilder().counter().drop()};
  table.chains["k1"].rules[2].comment = "the rest";
  table.chains["forward"].base = BaseChain{-7};
  table.chains["forward"].rules = {RuleBuilder().in({Selector::ct_id}, "cut").counter().drop(),
                                   RuleBuilder().in({Selector::icmpv6_type}, "discovery").accept(),
                                   RuleBuilder().equals(Selector::ip6_hoplimit, "\xff").accept(),
                                   RuleBuilder().not_in({Selector::iifname}, "bridges").accept(),
                                   RuleBuilder().ct_direction_reply().ct_state(6).accept(),
                                   RuleBuilder().in({Selector::ip6_saddr}, "addresses6").jump("k1"),
                                   RuleBuilder().vmap({Selector::ip_saddr}, "peers").build(),
                                   RuleBuilder().vmap({Selector::ip6_saddr}, "cells").build(),
                                   RuleBuilder().in({Selector::ip_saddr}, "blocks").go_to("k1")};
  return table;
}

void check_comments(const Ruleset& have, const Table& want) {
  const Table& table = have.at(kTable);
  CHECK(table.comment == want.comment);
  for (const auto& [name, chain] : want.chains) {
    CHECK(table.chains.at(name).comment == chain.comment);
    for (std::size_t i = 0; i < chain.rules.size(); ++i) {
      CHECK(table.chains.at(name).rules.at(i).comment == chain.rules[i].comment);
    }
  }
  for (const auto& [name, set] : want.sets) {
    CHECK(table.sets.at(name).spec.comment == set.spec.comment);
    for (const auto& [key, data] : set.elements) CHECK(table.sets.at(name).elements.at(key).comment == data.comment);
  }
}

}  // namespace

TEST_CASE("an absent table is absent in a read") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  CHECK(read_table(*kernel).empty());
}

TEST_CASE("a committed ruleset is read back") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, everything());
  CHECK(read_table(*kernel) == Ruleset{{kTable, everything()}});
  check_comments(read_table(*kernel), everything());
}

TEST_CASE("only the requested tables are read") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  const TableKey other{TableFamily::inet, "other"};
  const TableKey bridge{TableFamily::bridge, "selvage"};
  must_commit(*kernel, diff({}, {{kTable, small_table()}, {other, small_table()}, {bridge, {}}}));
  CHECK(read_table(*kernel) == Ruleset{{kTable, small_table()}});
  const auto both = kernel->read(std::array{bridge, kTable});
  REQUIRE(both);
  CHECK(*both == Ruleset{{kTable, small_table()}, {bridge, {}}});
}

TEST_CASE("an empty plan can be committed") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  CHECK(kernel->commit({}));
  Plan nothing;
  change(nothing);
  CHECK(kernel->commit(nothing));
}

TEST_CASE("a table is deleted with everything in it") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, everything());
  Plan plan;
  change(plan).delete_table = true;
  must_commit(*kernel, plan);
  CHECK(read_table(*kernel).empty());
  CHECK(refusal_of(*kernel, plan) == ENOENT);
}

TEST_CASE("a table is replaced in one transaction") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, everything());
  Plan plan = diff({}, {{kTable, small_table()}});
  change(plan).delete_table = true;
  must_commit(*kernel, plan);
  CHECK(read_table(*kernel) == Ruleset{{kTable, small_table()}});
}

TEST_CASE("an element gets another verdict") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, small_table());
  Table want = small_table();
  want.sets["peers"].elements[single(ipv4("10.0.0.1"))] = {go_to("k2"), {}};
  put_table(*kernel, want);
  CHECK(read_table(*kernel) == Ruleset{{kTable, want}});
}

TEST_CASE("rules are replaced whole and in order") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, small_table());
  Table want = small_table();
  want.chains["k1"].rules = {RuleBuilder().in({Selector::ip_saddr}, "pods").accept(),
                             RuleBuilder().in({Selector::ip_daddr}, "blocks").jump("k2"), RuleBuilder().drop()};
  put_table(*kernel, want);
  CHECK(read_table(*kernel) == Ruleset{{kTable, want}});
}

TEST_CASE("sets and chains are deleted together with what refers to them") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, everything());
  put_table(*kernel, small_table());
  CHECK(read_table(*kernel) == Ruleset{{kTable, small_table()}});
}

TEST_CASE("ranges that touch are added and deleted one by one") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  Table table;
  auto& elements = table.sets["blocks"].elements;
  table.sets["blocks"].spec = ranges_of({FieldType::ipv4_addr});
  const ElementKey low{ipv4("0.0.0.0"), ipv4("9.255.255.255")};
  const ElementKey middle{ipv4("10.0.0.0"), ipv4("10.255.255.255")};
  const ElementKey high{ipv4("11.0.0.0"), ipv4("255.255.255.255")};
  for (const auto& keys : {std::vector{middle}, {middle, low}, {high, low}, {low, middle, high}, {middle, high}, {}}) {
    elements.clear();
    for (const ElementKey& key : keys) elements[key] = {};
    put_table(*kernel, table);
    CHECK(read_table(*kernel) == Ruleset{{kTable, table}});
  }
}

TEST_CASE("an existing element can be added again") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, small_table());
  Plan plan;
  for (const auto& [name, set] : small_table().sets) change(plan).elements[name] = {set.spec, set.elements, {}};
  must_commit(*kernel, plan);
  CHECK(read_table(*kernel) == Ruleset{{kTable, small_table()}});
}

TEST_CASE("100,000 elements are one transaction") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  Table table;
  table.chains["k1"];
  table.sets["peers"].spec = verdicts_of({FieldType::ipv4_addr});
  table.sets["blocks"].spec = ranges_of({FieldType::ipv4_addr});
  IpAddress address = IpAddress::parse("10.0.0.0").value();
  for (int i = 0; i < 100'000; ++i) {
    const std::string key = address.key();
    table.sets["peers"].elements[single(key)] = {go_to("k1"), "namespace/pod-with-a-name"};
    if (i % 10 == 0) table.sets["blocks"].elements[{key, key}] = {};
    address = address.next();
  }
  put_table(*kernel, table);
  CHECK((read_table(*kernel) == Ruleset{{kTable, table}}));

  table.sets["peers"].elements.erase(single(ipv4("10.0.0.77")));
  Plan bad = diff(read_table(*kernel), {{kTable, table}});
  change(bad).elements["peers"].add[single(ipv4("10.9.9.9"))] = {go_to("none"), {}};
  CHECK((kernel->commit(bad).error().code == ENOENT));
  put_table(*kernel, table);
  CHECK((read_table(*kernel) == Ruleset{{kTable, table}}));
}

}  // namespace selvage::nft
