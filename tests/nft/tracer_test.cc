#include "nft/trace/tracer.h"

#include <catch2/catch.hpp>

#include "nft/model/statements.h"

namespace selvage::nft {
namespace {

using enum FieldType;
using S = Selector;

const TableKey kKey{TableFamily::inet, "t"};
const std::string kTcp80("\6\0\0\0\0\x50\0\0", 8);  ///< the end of a concatenated key

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

Packet tcp(const char* from, const char* to, std::uint16_t port = 80) {
  Packet packet;
  packet.source = ip(from);
  packet.destination = ip(to);
  packet.destination_port = port;
  return packet;
}

Packet icmp6(std::uint8_t type, std::uint8_t hop_limit) {
  Packet packet;
  packet.source = ip("fd00::1");
  packet.destination = ip("fd00::2");
  packet.protocol = 58;
  packet.icmp_type = type;
  packet.hop_limit = hop_limit;
  return packet;
}

/// `table` with a base chain of these rules added.
Ruleset forward(std::vector<Rule> rules, Table table = {}) {
  table.chains["forward"] = {BaseChain{0}, std::move(rules), {}};
  return {{kKey, std::move(table)}};
}

bool accepted(const Ruleset& ruleset, const Packet& packet) { return trace(ruleset, packet).accepted; }

TEST_CASE("a chain without a match leaves a packet to the policy, accept") {
  REQUIRE(accepted({}, tcp("10.0.0.1", "10.0.0.2")));
  REQUIRE(
      accepted(forward({RuleBuilder().equals(S::ip_saddr, ip("1.1.1.1").key()).drop()}), tcp("10.0.0.1", "10.0.0.2")));
}

TEST_CASE("addresses are matched by family and place") {
  const std::string key = ip("10.0.0.1").key();
  const auto dropped = [&](S selector, const Packet& packet) {
    return !accepted(forward({RuleBuilder().equals(selector, key).drop()}), packet);
  };
  CHECK(dropped(S::ip_saddr, tcp("10.0.0.1", "10.0.0.2")));
  CHECK_FALSE(dropped(S::ip_saddr, tcp("10.0.0.2", "10.0.0.1")));
  CHECK(dropped(S::ip_daddr, tcp("10.0.0.2", "10.0.0.1")));
  CHECK_FALSE(dropped(S::ip_daddr, tcp("fd00::a00:1", "fd00::a00:1")));
  CHECK_FALSE(
      accepted(forward({RuleBuilder().equals(S::ip6_daddr, ip("fd00::2").key()).drop()}), tcp("fd00::1", "fd00::2")));
}

TEST_CASE("concatenated keys are looked up") {
  Table table;
  table.sets["p"] = {{{ipv4_addr, inet_proto, inet_service}}, {{{ip("10.0.0.2").key() + kTcp80, {}}, {}}}};
  const Ruleset ruleset =
      forward({RuleBuilder().in({S::ip_daddr, S::l4proto, S::th_dport}, "p").drop()}, std::move(table));
  CHECK_FALSE(accepted(ruleset, tcp("10.0.0.1", "10.0.0.2")));
  CHECK(accepted(ruleset, tcp("10.0.0.1", "10.0.0.2", 81)));
  CHECK(accepted(ruleset, tcp("10.0.0.1", "10.0.0.3")));
  SECTION("a later fragment has no port, so the rule does not match") {
    Packet fragment = tcp("10.0.0.1", "10.0.0.2");
    fragment.destination_port.reset();
    CHECK(accepted(ruleset, fragment));
  }
  SECTION("another protocol has another key") {
    Packet udp = tcp("10.0.0.1", "10.0.0.2");
    udp.protocol = 17;
    CHECK(accepted(ruleset, udp));
  }
}

TEST_CASE("ranges are looked up, alone and in concatenations") {
  const auto end = [](const char* host, std::uint16_t port) {
    return ip(host).key() + std::string("\6\0\0\0", 4) + static_cast<char>(port >> 8) + static_cast<char>(port & 255) +
           std::string(2, '\0');
  };
  Table table;
  table.sets["b"] = {{{ipv4_addr}, true}, {{{ip("10.1.0.0").key(), ip("10.1.255.255").key()}, {}}}};
  table.sets["r"] = {
      {{ipv4_addr, inet_proto, inet_service}, true},
      {{{end("10.0.0.2", 8000), end("10.0.0.2", 8100)}, {}}, {{end("10.2.0.0", 80), end("10.2.255.255", 80)}, {}}}};
  const Ruleset ruleset = forward({RuleBuilder().in({S::ip_saddr}, "b").drop(),
                                   RuleBuilder().in({S::ip_daddr, S::l4proto, S::th_dport}, "r").drop()},
                                  std::move(table));
  Tracer tracer(ruleset);
  const auto dropped = [&](const Packet& packet) { return !tracer.run(packet).accepted; };
  CHECK(dropped(tcp("10.1.0.0", "1.1.1.1")));
  CHECK(dropped(tcp("10.1.255.255", "1.1.1.1")));
  CHECK_FALSE(dropped(tcp("10.2.0.0", "1.1.1.1")));
  CHECK_FALSE(dropped(tcp("10.0.255.255", "1.1.1.1")));
  CHECK(dropped(tcp("1.1.1.1", "10.0.0.2", 8000)));
  CHECK(dropped(tcp("1.1.1.1", "10.0.0.2", 8100)));
  CHECK_FALSE(dropped(tcp("1.1.1.1", "10.0.0.2", 8101)));
  CHECK_FALSE(dropped(tcp("1.1.1.1", "10.0.0.3", 8050)));
  CHECK(dropped(tcp("1.1.1.1", "10.2.7.7", 80)));
  CHECK_FALSE(dropped(tcp("1.1.1.1", "10.2.7.7", 81)));
}

TEST_CASE("verdict maps decide, and after a miss the rules continue") {
  Table table;
  table.sets["m"] = {{{ipv4_addr}, false, true},
                     {{{ip("10.0.0.1").key(), {}}, {share({Verdict::Code::drop, {}}), {}}},
                      {{ip("10.0.0.2").key(), {}}, {share({Verdict::Code::go_to, "k"}), {}}}}};
  table.chains["k"].rules = {RuleBuilder().accept()};
  const Ruleset ruleset =
      forward({RuleBuilder().vmap({S::ip_saddr}, "m").build(), RuleBuilder().drop()}, std::move(table));
  const Trace hit = trace(ruleset, tcp("10.0.0.2", "10.0.0.9"));
  CHECK(hit.accepted);
  REQUIRE(hit.hits.size() == 2);
  CHECK(hit.hits[0].verdict == Verdict{Verdict::Code::go_to, "k"});
  CHECK(hit.hits[1].chain == "k");
  CHECK(trace(ruleset, tcp("10.0.0.1", "10.0.0.9")).hits.size() == 1);
  const Trace miss = trace(ruleset, tcp("10.0.0.3", "10.0.0.9"));
  CHECK_FALSE(miss.accepted);
  CHECK(miss.hits.size() == 1);
}

TEST_CASE("a jump returns behind its rule, a goto behind the last jump") {
  Table table;
  table.chains["a"].rules = {RuleBuilder().go_to("b"), RuleBuilder().drop()};
  table.chains["b"].rules = {RuleBuilder().returns(), RuleBuilder().drop()};
  SECTION("jump, goto, return: continues in the base chain") {
    CHECK_FALSE(accepted(forward({RuleBuilder().jump("a"), RuleBuilder().drop()}, table), tcp("1.1.1.1", "1.1.1.2")));
    CHECK(accepted(forward({RuleBuilder().jump("a"), RuleBuilder().accept(), RuleBuilder().drop()}, table),
                   tcp("1.1.1.1", "1.1.1.2")));
  }
  SECTION("goto from the base chain: ends with the policy") {
    CHECK(accepted(forward({RuleBuilder().go_to("a"), RuleBuilder().drop()}, table), tcp("1.1.1.1", "1.1.1.2")));
  }
}

TEST_CASE("a packet more than sixteen jumps deep is dropped") {
  const auto nested = [](int depth) {
    Table table;
    for (int i = 1; i < depth; ++i) {
      table.chains["c" + std::to_string(i)].rules = {RuleBuilder().jump("c" + std::to_string(i + 1))};
    }
    table.chains["c" + std::to_string(depth)] = {};
    return forward({RuleBuilder().jump("c1")}, std::move(table));
  };
  CHECK(accepted(nested(16), tcp("1.1.1.1", "1.1.1.2")));
  CHECK_FALSE(accepted(nested(17), tcp("1.1.1.1", "1.1.1.2")));
}

TEST_CASE("connection tracking") {
  const Ruleset replies = forward({RuleBuilder().ct_direction_reply().ct_state(6).accept(), RuleBuilder().drop()});
  Packet packet = tcp("1.1.1.1", "1.1.1.2");
  CHECK_FALSE(accepted(replies, packet));
  packet.tracking = Tracking{true, 2, "abcd"};
  CHECK(accepted(replies, packet));
  packet.tracking->state = 1;
  CHECK_FALSE(accepted(replies, packet));

  SECTION("a cut connection is found by its id, a packet without an entry is not") {
    Table table;
    table.sets["cut"] = {{{ct_id}}, {{{"abcd", {}}, {}}}};
    const Ruleset cut = forward({RuleBuilder().in({S::ct_id}, "cut").drop()}, std::move(table));
    CHECK_FALSE(accepted(cut, packet));
    packet.tracking->id = "abce";
    CHECK(accepted(cut, packet));
    packet.tracking.reset();
    CHECK(accepted(cut, packet));
  }
  SECTION("without an entry the state is invalid") {
    packet.tracking.reset();
    CHECK_FALSE(accepted(forward({RuleBuilder().ct_state(1).drop()}), packet));
  }
}

TEST_CASE("ICMPv6 by type and hop limit") {
  const Ruleset ruleset = forward(
      {RuleBuilder().equals(S::icmpv6_type, "\x87").equals(S::ip6_hoplimit, "\xff").accept(), RuleBuilder().drop()});
  CHECK(accepted(ruleset, icmp6(0x87, 255)));
  CHECK_FALSE(accepted(ruleset, icmp6(0x87, 254)));
  CHECK_FALSE(accepted(ruleset, icmp6(0x88, 255)));
}

TEST_CASE("bridged packets pass the bridge table first, then the inet table as if from the bridge") {
  Table bridge;
  bridge.sets["types"] = {{{ether_type}}, {{{std::string("\x08\0", 2), {}}, {}}, {{"\x86\xdd", {}}, {}}}};
  bridge.chains["forward"] = {BaseChain{-200}, {RuleBuilder().not_in({S::ether_type}, "types").drop()}, {}};
  Ruleset ruleset = forward({RuleBuilder().equals(S::iifname, "cni0").drop()});
  ruleset[{TableFamily::bridge, "t"}] = bridge;

  Packet packet = tcp("1.1.1.1", "1.1.1.2");
  packet.iifname = "veth1";
  packet.bridge = "cni0";
  CHECK(accepted(ruleset, packet));
  packet.bridged = true;
  CHECK_FALSE(accepted(ruleset, packet));
  ruleset.erase(kKey);
  CHECK(accepted(ruleset, packet));
  packet.ether_type = 0x8100;
  CHECK_FALSE(accepted(ruleset, packet));
  packet.bridged = false;
  CHECK(accepted(ruleset, packet));
}

TEST_CASE("every base chain must accept, in the order of priority") {
  Table table;
  table.chains["early"] = {BaseChain{-10}, {RuleBuilder().accept()}, {}};
  table.chains["late"] = {BaseChain{10}, {RuleBuilder().counter().drop()}, {}};
  const Ruleset ruleset{{kKey, table}};
  const Trace result = trace(ruleset, tcp("1.1.1.1", "1.1.1.2"));
  CHECK_FALSE(result.accepted);
  REQUIRE(result.hits.size() == 2);
  CHECK(result.hits[0].chain == "early");
  CHECK_THAT(result.text(), Catch::Contains("inet t late: counter drop") && Catch::Contains("dropped"));
}

}  // namespace
}  // namespace selvage::nft
