#include "policy/compile/cells.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/case_objects.h"
#include "tests/support/property.h"
#include "tests/support/random_values.h"

namespace selvage::testing {
namespace {

using policy::Cell;
using policy::CellInput;
using policy::IpBlock;
using Lists = std::vector<std::vector<IpBlock>>;

std::vector<Cell> cut(const Lists& lists, IpFamily family) {
  std::vector<CellInput> inputs;
  for (const auto& list : lists) inputs.push_back({static_cast<policy::PredicateId>(inputs.size() + 1), &list});
  return policy::cut_into_cells(inputs, family);
}

IpBlock ip_block(std::string_view cidr, std::initializer_list<const char*> except = {}) {
  return std::get<IpBlock>(block(cidr, except));
}

/// The blocks that hold `address`, by the definition.
policy::PredicateIds satisfied(const Lists& lists, const IpAddress& address) {
  policy::PredicateIds ids;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const bool holds = std::any_of(lists[i].begin(), lists[i].end(), [&](const IpBlock& one) {
      return one.cidr.contains(address) && std::none_of(one.except.begin(), one.except.end(),
                                                        [&](const auto& except) { return except.contains(address); });
    });
    if (holds) ids.push_back(static_cast<policy::PredicateId>(i + 1));
  }
  return ids;
}

TEST_CASE("a block is one cell, and its excepts cut it") {
  const auto cells = cut({{ip_block("10.0.0.0/24", {"10.0.0.64/26"})}}, IpFamily::v4);
  CHECK(cells == std::vector<Cell>{{{address("10.0.0.0"), address("10.0.0.63")}, {1}},
                                   {{address("10.0.0.128"), address("10.0.0.255")}, {1}}});
}

TEST_CASE("neighbours of one list are one cell") {
  const auto cells = cut({{ip_block("10.0.0.0/25"), ip_block("10.0.0.128/25")}}, IpFamily::v4);
  CHECK(cells == std::vector<Cell>{{{address("10.0.0.0"), address("10.0.0.255")}, {1}}});
}

TEST_CASE("all of a family is one cell up to its highest address") {
  CHECK(cut({{ip_block("0.0.0.0/0"), ip_block("::/0")}}, IpFamily::v4) ==
        std::vector<Cell>{{{address("0.0.0.0"), address("255.255.255.255")}, {1}}});
  CHECK(cut({{ip_block("::/0")}}, IpFamily::v6).size() == 1);
  CHECK(cut({{ip_block("::/0")}}, IpFamily::v4).empty());
}

TEST_CASE("a block that its except covers has no cell") {
  CHECK(cut({{ip_block("10.0.0.0/24", {"10.0.0.0/24"})}}, IpFamily::v4).empty());
}

TEST_CASE("cells are disjoint, in order, and hold the addresses of the blocks") {
  for_each_seed(1500, [](Random& random) {
    Lists lists(1 + below(random, 4));
    for (auto& list : lists) {
      for (std::size_t n = 1 + below(random, 4); n > 0; --n) list.push_back(random_block(random));
    }
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
      const auto cells = cut(lists, family);
      for (std::size_t i = 0; i < cells.size(); ++i) {
        REQUIRE(cells[i].range.first <= cells[i].range.last);
        REQUIRE_FALSE(cells[i].predicates.empty());
        if (i == 0) continue;
        REQUIRE(cells[i - 1].range.last < cells[i].range.first);
        const bool touches = cells[i - 1].range.last.next() == cells[i].range.first;
        REQUIRE_FALSE((touches && cells[i - 1].predicates == cells[i].predicates));
      }
      for (int n = 0; n < 40; ++n) {
        const IpAddress probe = random_address(random, family);
        const auto* found = policy::find_cell(cells, probe);
        INFO(probe.to_string());
        REQUIRE((found == nullptr ? policy::PredicateIds{} : *found) == satisfied(lists, probe));
      }
    }
  });
}

}  // namespace
}  // namespace selvage::testing
