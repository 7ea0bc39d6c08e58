#include "policy/compile/port_ranges.h"

#include <catch2/catch.hpp>

namespace selvage::policy {
namespace {

using Ranges = std::vector<PortRange>;

TEST_CASE("port ranges that overlap or touch are one, others stay apart") {
  CHECK(join_ranges({{10, 20, {"a"}}, {15, 30, {"b"}}}) == Ranges{{10, 30, {"a", "b"}}});
  CHECK(join_ranges({{10, 20, {"a"}}, {21, 30, {"b"}}}) == Ranges{{10, 30, {"a", "b"}}});
  CHECK(join_ranges({{10, 20, {"a"}}, {22, 30, {"b"}}}) == Ranges{{10, 20, {"a"}}, {22, 30, {"b"}}});
  CHECK(join_ranges({}).empty());
}

TEST_CASE("a port range inside another one does not shorten it") {
  CHECK(join_ranges({{10, 90, {"a"}}, {20, 30, {"a"}}, {80, 95, {"b"}}}) == Ranges{{10, 95, {"a", "b"}}});
}

TEST_CASE("the order of port ranges does not matter") {
  const Ranges joined = {{1, 5, {"x"}}, {7, 9, {"y"}}};
  CHECK(join_ranges({{7, 9, {"y"}}, {1, 5, {"x"}}}) == joined);
}

TEST_CASE("the last port has no neighbour") {
  CHECK(join_ranges({{0, 65535, {"a"}}, {65535, 65535, {"b"}}, {0, 0, {"c"}}}) == Ranges{{0, 65535, {"a", "b", "c"}}});
}

}  // namespace
}  // namespace selvage::policy
