#include "nft/text/text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "nft/model/fields.h"
#include "nft/model/statements.h"
#include "nft/plan/plan.h"
#include "nft/plan/text_plan.h"
#include "tests/support/property.h"
#include "tests/support/random_ruleset.h"
#include "tests/support/scratch_namespace.h"

namespace selvage::nft {
namespace {

using testing::ScratchNamespace;

std::string replaced(const std::string& text, const char* pattern, const char* with) {
  return std::regex_replace(text, std::regex(pattern), with);
}

/// A line "elements = { ... }" with its elements sorted (nft(8) sorts by value, we by bytes).
std::string sorted_elements(const std::string& line) {
  const std::string head = "elements = {";
  if (!line.starts_with(head)) return line;
  std::vector<std::string> elements;
  std::istringstream in(line.substr(head.size(), line.size() - head.size() - 1));
  for (std::string element; std::getline(in, element, ',');) elements.push_back(element);
  std::ranges::sort(elements);
  std::string out = head;
  for (const std::string& element : elements) out += element + ",";
  return out;
}

/// A listing without irrelevant differences: indentation, line breaks between elements, their order, counts.
std::vector<std::string> content(std::string text) {
  text = replaced(text, "counter packets [0-9]+ bytes [0-9]+", "counter");
  text = replaced(text, ",\\s+", ",");
  text = replaced(text, "\\{ ([^\n])", "{$1");
  text = replaced(text, " \\}", "}");
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    line.erase(0, line.find_first_not_of(" \t"));
    if (!line.empty()) lines.push_back(sorted_elements(line));
  }
  return lines;
}

/// Whole sets and chains in one order: the kernel lists them in the order of creation.
std::vector<std::string> content_sorted(const std::string& text) {
  std::vector<std::string> blocks;
  std::string table;
  for (const std::string& line : content(text)) {
    if (line.starts_with("table ")) table = line;
    const bool opens = line.starts_with("set ") || line.starts_with("map ") || line.starts_with("chain ");
    if (opens || line.starts_with("table ") || blocks.empty()) blocks.push_back(table);
    blocks.back() += "\n" + line;
  }
  for (std::string& block : blocks) block = replaced(block, "(\n\\})+$", "");
  std::ranges::sort(blocks);
  return blocks;
}

std::string listing(const ScratchNamespace& ns) { return ns.shell("nft list ruleset"); }

std::string as_text(const SetSpec& spec, const std::string& first, const std::string& last = {}) {
  return to_text(spec, ElementKey{first, last}, {});
}

TEST_CASE("the text of a ruleset loads, and lists the same") {
  testing::for_each_seed(60, [](auto& random) {
    const std::string text = to_text(random_ruleset(random));
    const ScratchNamespace ns;
    INFO(text);
    std::string listed;
    REQUIRE_NOTHROW(ns.shell("nft -f -", text));
    REQUIRE_NOTHROW(listed = listing(ns));
    REQUIRE(content(listed) == content(text));
  });
}

TEST_CASE("the text of a plan turns one ruleset into the other, in the order of the contract") {
  testing::for_each_seed(60, [](auto& random) {
    const Ruleset have = random_ruleset(random);
    const Ruleset want = random_ruleset(random);
    const std::string commands = to_text(diff(have, want));
    const ScratchNamespace ns;
    INFO(to_text(have) << commands);
    REQUIRE_NOTHROW(ns.shell("nft -f -", to_text(have)));
    try {
      ns.shell("nft -f -", commands);
    } catch (const std::runtime_error& error) {
      FAIL(error.what());
    }
    // Existing objects keep their comments; only compared values must match.
    const auto without_comments = [](const std::string& text) { return replaced(text, "\\s*comment \"[^\"]*\"", ""); };
    REQUIRE(content_sorted(without_comments(listing(ns))) == content_sorted(without_comments(to_text(want))));
  });
}

TEST_CASE("elements print as in nft(8)") {
  using enum FieldType;
  const SetSpec ranges{{ipv4_addr, inet_proto, inet_service}, true};
  const std::string tcp("\x0a\0\0\1\6\0\0\0", 8);
  CHECK(as_text({{ipv4_addr}}, "\x0a\xf4\x09\x0b") == "10.244.9.11");
  CHECK(as_text({{ipv4_addr}, true}, {"\x0a\0\0\0", 4}, "\x0a\xff\xff\xff") == "10.0.0.0/8");
  CHECK(as_text({{ipv4_addr}, true}, {"\x0a\0\0\1", 4}, {"\x0a\0\0\6", 4}) == "10.0.0.1-10.0.0.6");
  CHECK(as_text({{ipv4_addr}, true}, {"\0\0\0\0", 4}, "\xff\xff\xff\xff") == "0.0.0.0/0");
  CHECK(as_text(ranges, tcp + std::string("\x23\x28\0\0", 4), tcp + std::string("\x23\x8c\0\0", 4)) ==
        "10.0.0.1 . tcp . 9000-9100");
  CHECK(as_text(ranges, tcp + std::string("\0\x50\0\0", 4), tcp + std::string("\0\x50\0\0", 4)) ==
        "10.0.0.1 . tcp . 80");
  CHECK(as_text({{ct_id}}, {"\0\0\1\0", 4}) == "256");
  CHECK(as_text({{ct_state}}, host_order(2)) == "established");
  CHECK(as_text({{ifname}}, "cni0" + std::string(12, '\0')) == "\"cni0\"");
  CHECK(as_text({{ether_type}}, "\x88\xcc") == "0x88cc");
  CHECK(as_text({{icmpv6_type}}, "\x85") == "nd-router-solicit");
  CHECK(as_text({{inet_proto}}, "\x3a") == "ipv6-icmp");
  CHECK(as_text({{inet_proto}}, "\x2f") == "47");
  CHECK(to_text({{inet_service}, false, true}, {{"\0\x50", 2}, {}}, {share({Verdict::Code::go_to, "k1"}), "c"}) ==
        "80 comment \"c\" : goto k1");
}

TEST_CASE("keys of a wrong length print without overrun") {
  CHECK(as_text({{FieldType::ipv4_addr}}, "ab") == "0x6162");
  CHECK(as_text({{FieldType::ipv4_addr, FieldType::inet_service}}, "abcd") == "97.98.99.100 . 0x");
}

TEST_CASE("comments cannot escape their quotes or their line") {
  const Rule rule{{Counter{}}, "a\" drop\nadd table x"};
  CHECK(to_text(rule) == "counter comment \"a' drop'add table x\"");
}

TEST_CASE("a rule with foreign expressions prints") {
  CHECK(to_text(Rule{{Foreign{"masq"}}, {}}) == "<masq>");
  CHECK(to_text(Rule{{Payload{PayloadBase::network, 12, 4, 0}, Cmp{CmpOp::eq, 0, "abcd"}}, {}}) ==
        "@nh,96,32 0x61626364");
  CHECK(to_text(Rule{{Cmp{CmpOp::eq, 9, "abcd"}, Lookup{"s", 3, false, false}}, {}}) == " @s");
}

}  // namespace
}  // namespace selvage::nft
