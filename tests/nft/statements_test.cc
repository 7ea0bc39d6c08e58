#include "nft/model/statements.h"

#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "nft/text/text.h"
#include "tests/support/scratch_namespace.h"

namespace selvage::nft {
namespace {

using S = Selector;

const Expressions kIsIpv4{Meta{MetaKey::nfproto, 0}, Cmp{CmpOp::eq, 0, "\2"}};
const Expressions kIsIpv6{Meta{MetaKey::nfproto, 0}, Cmp{CmpOp::eq, 0, "\x0a"}};

Expressions operator+(Expressions a, const Expressions& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// A rule as nft(8) --debug=netlink prints it, from its expressions. Registers: a multiple of four
/// has the number of its 128-bit register.
class Debug {
 public:
  void operator()(const Meta& e) { line("meta load " + std::string(name(e.key)) + " => reg " + reg(e.dreg)); }
  void operator()(const Ct& e) { line("ct load " + std::string(name(e.key)) + " => reg " + reg(e.dreg)); }
  void operator()(const Payload& e) {
    const char* bases[] = {"link", "network", "transport"};
    line("payload load " + std::to_string(e.length) + "b @ " + bases[static_cast<int>(e.base)] + " header + " +
         std::to_string(e.offset) + " => reg " + reg(e.dreg));
  }
  void operator()(const Cmp& e) {
    line(std::string("cmp ") + (e.op == CmpOp::eq ? "eq" : "neq") + " reg " + reg(e.sreg) + words(e.data));
  }
  void operator()(const Bitwise& e) {
    line("bitwise reg " + reg(e.dreg) + " = ( reg " + reg(e.sreg) + " &" + words(e.mask) + " ) ^ 0x00000000");
  }
  void operator()(const Lookup& e) {
    line("lookup reg " + reg(e.sreg) + " set " + e.set + (e.to_verdict ? " dreg 0" : "") + (e.inverted ? " 0x1" : ""));
  }
  void operator()(const Counter&) { line("counter pkts 0 bytes 0"); }
  void operator()(const Limit& e) {
    line("limit rate " + std::to_string(e.rate) + "/second burst " + std::to_string(e.burst) +
         " type packets flags 0x0");
  }
  void operator()(const Log& e) {
    line("log " + (e.prefix.empty() ? "" : "prefix " + e.prefix + " ") + "group " + std::to_string(e.group) +
         " snaplen " + std::to_string(e.snaplen) + " qthreshold " + std::to_string(e.queue_threshold));
  }
  void operator()(const Verdict& e) {
    const char* names[] = {"accept", "drop", "return", "jump", "goto"};
    line(std::string("immediate reg 0 ") + names[static_cast<int>(e.code)] + (e.chain.empty() ? "" : " -> " + e.chain));
  }
  void operator()(const Foreign& e) { line(e.name); }

  std::string text;

 private:
  void line(const std::string& content) { text += "  [ " + content + " ]\n"; }
  static std::string reg(Register r) { return std::to_string(r % 4 == 0 ? r / 4 + 1 : r + 8); }
  static const char* name(MetaKey key) {
    const char* names[] = {"nfproto", "l4proto", "iifname", "oifname", "bri_iifname", "iifkind"};
    return names[static_cast<int>(key)];
  }
  /// libnftnl 1.2.4 does not know the name of NFT_CT_ID.
  static const char* name(CtKey key) {
    const char* names[] = {"state", "direction", "unknown"};
    return names[static_cast<int>(key)];
  }
  static std::string words(std::string data) {
    data.resize((data.size() + 3) / 4 * 4, '\0');
    std::ostringstream out;
    for (std::size_t i = 0; i < data.size(); i += 4) {
      out << " 0x" << std::hex;
      for (std::size_t j = 4; j-- > 0;) {
        const unsigned byte = static_cast<std::uint8_t>(data[i + j]);
        out << (byte < 16 ? "0" : "") << byte;
      }
    }
    return out.str();
  }
};

std::string debug_of(const Rule& rule) {
  Debug debug;
  for (const Expression& e : rule.expressions) std::visit(debug, e);
  return debug.text;
}

/// Rules of every kind that this program writes, in an inet table.
std::vector<Rule> inet_rules() {
  return {
      RuleBuilder().in({S::ct_id}, "cut").counter().drop(),
      RuleBuilder().in({S::ct_state}, "states").accept(),
      RuleBuilder().in({S::icmpv6_type}, "types").equals(S::ip6_hoplimit, "\xff").accept(),
      RuleBuilder().equals(S::icmpv6_type, "\x85").equals(S::ip6_hoplimit, "\1").accept(),
      RuleBuilder().in({S::iifname}, "ifs").jump("deny"),
      RuleBuilder().not_in({S::oifname}, "ifs").jump("deny"),
      RuleBuilder().equals(S::iifname, "cni0").accept(),
      RuleBuilder().equals(S::iifkind, "veth").accept(),
      RuleBuilder().ct_direction_reply().ct_state(6).accept(),
      RuleBuilder().equals(S::l4proto, "\1").ct_state(4).accept(),
      RuleBuilder().equals(S::l4proto, "\x3a").ct_state(4).accept(),
      RuleBuilder().in({S::ip_saddr}, "a4").jump("deny"),
      RuleBuilder().not_in({S::ip6_daddr}, "a6").returns(),
      RuleBuilder().vmap({S::ip_saddr}, "v4").build(),
      RuleBuilder().vmap({S::ip6_saddr}, "v6").build(),
      RuleBuilder().in({S::ip_daddr, S::l4proto, S::th_dport}, "ports4").returns(),
      RuleBuilder().in({S::ip_daddr, S::l4proto, S::th_dport}, "ranges4").returns(),
      RuleBuilder().in({S::ip6_daddr, S::l4proto, S::th_dport}, "ports6").returns(),
      RuleBuilder().in({S::ip6_daddr, S::l4proto, S::th_dport}, "ranges6").returns(),
      RuleBuilder().in({S::ip_daddr, S::l4proto}, "protos4").returns(),
      RuleBuilder().in({S::ip_saddr, S::ip_daddr}, "self4").returns(),
      RuleBuilder().in({S::ip6_saddr, S::ip6_daddr}, "self6").returns(),
      RuleBuilder().in({S::oifname, S::ip_daddr}, "bound4").accept(),
      RuleBuilder().in({S::ip_saddr}, "a4").in({S::ip_daddr, S::l4proto, S::th_dport}, "ports4").drop(),
      RuleBuilder().equals(S::ip_saddr, "\1\2\3\4").drop(),
      RuleBuilder().equals(S::l4proto, "\6").equals(S::th_dport, std::string("\0\x50", 2)).drop(),
      RuleBuilder().counter().go_to("deny"),
      RuleBuilder().limit(100, 200).log({7, 128, 16, "denied in"}).build(),
      RuleBuilder().equals(S::l4proto, "\6").limit(1, 1).log({0, 0, 0, ""}).counter().drop(),
  };
}

constexpr const char* kInetSets = R"(
  set ifs { type ifname; }
  set a4 { type ipv4_addr; }
  set a6 { type ipv6_addr; }
  set ports4 { type ipv4_addr . inet_proto . inet_service; }
  set ports6 { type ipv6_addr . inet_proto . inet_service; }
  set ranges4 { type ipv4_addr . inet_proto . inet_service; flags interval; }
  set ranges6 { type ipv6_addr . inet_proto . inet_service; flags interval; }
  set protos4 { type ipv4_addr . inet_proto; }
  set self4 { type ipv4_addr . ipv4_addr; }
  set self6 { type ipv6_addr . ipv6_addr; }
  set bound4 { type ifname . ipv4_addr; }
  set cut { typeof ct id; }
  set states { type ct_state; }
  set types { type icmpv6_type; }
  map v4 { type ipv4_addr : verdict; }
  map v6 { type ipv6_addr : verdict; }
  chain deny { }
)";

/// The expressions that nft(8) makes of the rules' text, one text for each rule, without its byteorder for one byte.
std::vector<std::string> made_by_nft(const char* table, const char* sets, const std::vector<Rule>& rules) {
  std::string text = std::string("table ") + table + " {" + sets + "chain c {\n";
  for (const Rule& rule : rules) text += to_text(rule) + "\n";
  text += "}\n}\n";
  const std::string output = testing::ScratchNamespace().shell("nft --debug=netlink -f -", text);
  std::vector<std::string> made;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    if (line == std::string(table) + " c") made.emplace_back();
    if (line.starts_with("  [ ") && line.find("byteorder") == std::string::npos) made.back() += line + "\n";
  }
  return made;
}

TEST_CASE("rules have the expressions that nft(8) makes of their text") {
  const auto compare = [](const std::vector<Rule>& rules, const std::vector<std::string>& made) {
    REQUIRE(made.size() == rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
      INFO(to_text(rules[i]));
      CHECK(debug_of(rules[i]) == made[i]);
    }
  };
  SECTION("inet") { compare(inet_rules(), made_by_nft("inet t", kInetSets, inet_rules())); }
  SECTION("bridge") {
    const std::vector<Rule> rules{RuleBuilder().not_in({S::ether_type}, "types").counter().drop(),
                                  RuleBuilder().equals(S::ether_type, "\x08\x06").accept()};
    compare(rules, made_by_nft("bridge t", "set types { type ether_type; }\n", rules));
  }
}

TEST_CASE("the fields of a concatenation take 32-bit registers one after the other") {
  const Rule rule = RuleBuilder().in({S::ip6_daddr, S::l4proto, S::th_dport}, "p").returns();
  REQUIRE(rule.expressions == kIsIpv6 + Expressions{Payload{PayloadBase::network, 24, 16, 0}, Meta{MetaKey::l4proto, 4},
                                                    Payload{PayloadBase::transport, 2, 2, 5},
                                                    Lookup{"p", 0, false, false}, Verdict{Verdict::Code::return_, {}}});
}

TEST_CASE("a rule matches a protocol once") {
  const Rule rule = RuleBuilder().in({S::ip_saddr}, "a").in({S::ip_daddr}, "b").drop();
  REQUIRE(rule.expressions == kIsIpv4 + Expressions{Payload{PayloadBase::network, 12, 4, 0},
                                                    Lookup{"a", 0, false, false},
                                                    Payload{PayloadBase::network, 16, 4, 0},
                                                    Lookup{"b", 0, false, false}, Verdict{Verdict::Code::drop, {}}});
}

TEST_CASE("interface names are compared in full length") {
  const Rule rule = RuleBuilder().equals(S::iifname, "cni0").accept();
  REQUIRE(std::get<Cmp>(rule.expressions.at(1)).data == "cni0" + std::string(12, '\0'));
}

TEST_CASE("a builder is empty after build") {
  RuleBuilder builder;
  const Rule first = builder.counter().drop();
  REQUIRE(first.expressions.size() == 2);
  REQUIRE(builder.build() == Rule{});
}

}  // namespace
}  // namespace selvage::nft
