#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>

#include "controller/tables/set_role.h"
#include "nft/text/text.h"
#include "tests/controller/rulesets.h"
#include "tests/support/case_objects.h"

/// The listing in docs/nftables.md is what the agent writes.
namespace selvage::testing {
namespace {

using controller::kInetTable;
using policy::Protocol;

/// Sets and chains by "table inet selvage: set pods4", each on one line with single spaces. Without comments after #,
/// counts, empty sets and chains.
using Listing = std::map<std::string, std::string>;

std::string squeezed(const std::string& line) {
  std::istringstream words(line.substr(0, line.find(" #")));
  std::string result;
  for (std::string word; words >> word && word.front() != '#';) result += (result.empty() ? "" : " ") + word;
  return result;
}

bool is_empty(const std::string& name, const std::string& body) {
  if (!name.starts_with("chain ")) return body.find("elements = {") == std::string::npos;
  return std::regex_match(body, std::regex("(comment \"[^\"]*\")?"));
}

Listing listing_of(const std::string& text) {
  Listing listing;
  std::istringstream lines(text);
  std::string table;
  std::string name;
  for (std::string raw; std::getline(lines, raw);) {
    const std::string line = std::regex_replace(squeezed(raw), std::regex("counter packets 0 bytes 0"), "counter");
    const bool opens = line.ends_with(" {") && line.find('=') == std::string::npos;
    if (opens && line.starts_with("table ")) {
      table = line.substr(0, line.size() - 2);
    } else if (opens) {
      name = line.substr(0, line.size() - 2);
      listing[table + ": " + name];
    } else if (line == "}" && !name.empty()) {
      if (is_empty(name, listing.at(table + ": " + name))) listing.erase(table + ": " + name);
      name.clear();
    } else if (!line.empty() && line != "}") {
      std::string& body = listing[table + ": " + name];
      body += (body.empty() ? "" : " ") + line;
    }
  }
  return listing;
}

/// The fenced block in the section "A listing".
std::string documented() {
  std::ifstream page(SELVAGE_SOURCE_DIR "/docs/nftables.md");
  std::stringstream text;
  text << page.rdbuf();
  const std::string all = text.str();
  const std::size_t begin = all.find("\n```nft\n", all.find("\n## A listing\n"));
  REQUIRE(begin != std::string::npos);
  const std::size_t end = all.find("\n```\n", begin);
  REQUIRE(end != std::string::npos);
  return all.substr(begin + 8, end - begin - 8);
}

/// The cluster that the page describes, and what the fast path adds once it has looked at the connections.
nft::Ruleset rendered() {
  controller::RenderOptions options;
  options.bridge_match = controller::BridgeMatch::port_kind;
  const auto from_web =
      allow({pods(where({is("app", "web")}))}, {port(Protocol::tcp, 5432), port_range(Protocol::tcp, 9000, 9100)});
  const auto from_outside = allow({block("172.17.0.0/16", {"172.17.1.0/24"})}, {port(Protocol::tcp, 5432)});
  nft::Ruleset tables =
      ruleset_from_scratch({namespace_of("prod"), pod("prod/db", {{"app", "db"}}, {"10.244.1.12"}, kNode),
                            pod("prod/web", {{"app", "web"}}, {"10.244.2.10"}, "other"),
                            ingress_policy("prod/db", where({is("app", "db")}), {from_web, from_outside})},
                           options);
  auto& sets = tables.at(kInetTable).sets;
  sets.at(controller::fastpath_pods_set(IpFamily::v4)).elements[{address("10.244.1.12").key(), {}}];
  sets.at(std::string(controller::kFastpathState)).elements[{std::string("\2\0\0\0", 4), {}}];
  return tables;
}

TEST_CASE("the listing in docs/nftables.md is what the agent writes") {
  const std::string text = nft::to_text(rendered());
  const Listing written = listing_of(text);
  const Listing shown = listing_of(documented());
  INFO(text);
  for (const auto& [name, body] : written) {
    CAPTURE(name);
    CHECK(shown.contains(name));
    if (shown.contains(name)) CHECK(shown.at(name) == body);
  }
  for (const auto& entry : shown) {
    CAPTURE(entry.first);
    CHECK(written.contains(entry.first));
  }
}

}  // namespace
}  // namespace selvage::testing
