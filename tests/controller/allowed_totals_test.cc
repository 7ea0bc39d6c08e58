#include "controller/counters/allowed_totals.h"

#include <catch2/catch.hpp>

/// Sums of element counters, by policies.
namespace selvage::controller {
namespace {

using policy::Direction;
using Totals = std::map<AllowedTotals::Series, nft::CounterValue>;

nft::ElementKey key(char last) { return {std::string("\x0a\0\0", 3) + last, {}}; }

/// One ingress set with these policies.
CounterLabels owned(std::map<nft::ElementKey, policy::Origins> policies) {
  CounterLabels owners;
  owners.allow["p-in-all4"] = {Direction::ingress, {}, std::move(policies)};
  return owners;
}

AllowedTotals::Counts reading(std::map<nft::ElementKey, nft::CounterValue> elements) {
  return {{"p-in-all4", std::move(elements)}};
}

AllowedTotals::Series ingress(policy::Origins policies) { return {Direction::ingress, std::move(policies)}; }

TEST_CASE("counts from before the first reading are left out, later ones are not") {
  AllowedTotals totals;
  const auto owners = owned({{key(1), {"prod/a"}}, {key(2), {"prod/a"}}, {key(3), {"prod/a", "prod/b"}}});
  totals.take(owners, reading({{key(1), {100, 10'000}}, {key(2), {0, 0}}, {key(3), {7, 70}}}));
  CHECK(totals.totals() == Totals{{ingress({"prod/a"}), {}}, {ingress({"prod/a", "prod/b"}), {}}});
  totals.take(owners, reading({{key(1), {101, 10'060}}, {key(2), {2, 120}}, {key(3), {8, 75}}}));
  CHECK(totals.totals() == Totals{{ingress({"prod/a"}), {3, 180}}, {ingress({"prod/a", "prod/b"}), {1, 5}}});
}

TEST_CASE("a sum never falls: removed elements keep their counts, recreated ones start at zero") {
  AllowedTotals totals;
  totals.take(owned({{key(1), {"prod/a"}}}), reading({}));
  totals.take(owned({{key(1), {"prod/a"}}, {key(2), {"prod/a"}}}), reading({{key(1), {5, 50}}, {key(2), {6, 60}}}));
  CHECK(totals.totals() == Totals{{ingress({"prod/a"}), {11, 110}}});
  totals.take(owned({{key(1), {"prod/a"}}}), reading({{key(1), {2, 20}}}));
  CHECK(totals.totals() == Totals{{ingress({"prod/a"}), {13, 130}}});
  totals.take(owned({{key(1), {"prod/a"}}}), reading({{key(1), {3, 10}}}));
  CHECK(totals.totals() == Totals{{ingress({"prod/a"}), {16, 140}}});
}

TEST_CASE("an element counts for the policies that it has when it is read") {
  AllowedTotals totals;
  totals.take(owned({{key(1), {"prod/a"}}}), reading({{key(1), {0, 0}}}));
  totals.take(owned({{key(1), {"prod/a", "prod/b"}}}), reading({{key(1), {4, 40}}}));
  CHECK(totals.totals() == Totals{{ingress({"prod/a", "prod/b"}), {4, 40}}});
  totals.take({}, {});
  CHECK(totals.totals().empty());
}

TEST_CASE("an element without policies is left to the reading that knows them") {
  AllowedTotals totals;
  totals.take(owned({{key(1), {"prod/a"}}}), reading({{key(1), {0, 0}}}));
  totals.take(owned({{key(1), {"prod/a"}}}), reading({{key(1), {0, 0}}, {key(2), {9, 90}}}));
  CHECK(totals.totals() == Totals{{ingress({"prod/a"}), {}}});
  totals.take(owned({{key(1), {"prod/a"}}, {key(2), {"prod/b"}}}), reading({{key(1), {0, 0}}, {key(2), {10, 99}}}));
  CHECK(totals.totals() == Totals{{ingress({"prod/a"}), {}}, {ingress({"prod/b"}), {10, 99}}});
}

}  // namespace
}  // namespace selvage::controller
