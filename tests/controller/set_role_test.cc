#include "controller/tables/set_role.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/controller/rulesets.h"
#include "tests/support/property.h"

/// Names of sets and chains, and what they mean.
namespace selvage::testing {
namespace {

using controller::chain_name;
using controller::chain_role;
using controller::ChainRole;
using controller::set_name;
using controller::set_role;
using controller::SetRole;
using policy::Direction;
using policy::PortKind;

TEST_CASE("every set and chain that render makes has a role, and the role has its name") {
  std::set<SetRole::Kind> sets;
  std::set<ChainRole::Kind> chains;
  for_each_seed(60, [&](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    controller::RenderOptions options;
    options.policy_counters = chance(random, 30);
    if (chance(random, 30)) options.mode = policy::Mode::staged;
    for (const auto& [key, table] : ruleset_from_scratch(objects_of(cluster), options)) {
      for (const auto& [name, set] : table.sets) {
        CAPTURE(name);
        const auto role = set_role(name);
        REQUIRE(role);
        REQUIRE(set_name(*role) == name);
        sets.insert(role->kind);
      }
      for (const auto& [name, chain] : table.chains) {
        CAPTURE(name);
        const auto role = chain_role(name);
        REQUIRE(role);
        REQUIRE(chain_name(*role) == name);
        chains.insert(role->kind);
      }
    }
  });
  // Every kind occurred.
  CHECK(sets.size() == static_cast<std::size_t>(SetRole::Kind::permissions) + 1);
  CHECK(chains.size() == static_cast<std::size_t>(ChainRole::Kind::peer_class) + 1);
}

TEST_CASE("a name says what kind of set it is, of which direction, family and predicate") {
  using Kind = SetRole::Kind;
  CHECK(set_role("multicast6") == SetRole{.kind = Kind::multicast6});
  CHECK(set_role("fastpath-pods6") == SetRole{.kind = Kind::fastpath_pods, .family = IpFamily::v6});
  CHECK(set_role("egress-denied4") == SetRole{.kind = Kind::denied, .direction = Direction::egress});
  CHECK(set_role("ingress-cidr6") == SetRole{.kind = Kind::cidrs, .family = IpFamily::v6});
  CHECK(set_role("any-out-all4") == SetRole{Kind::permissions, Direction::egress, IpFamily::v4, PortKind::all, "any"});
  CHECK(set_role("p-0a-in-protos6") ==
        SetRole{Kind::permissions, Direction::ingress, IpFamily::v6, PortKind::protocols, "p-0a"});
}

TEST_CASE("a name says what kind of chain it is, of which direction, family and class") {
  using Kind = ChainRole::Kind;
  CHECK(chain_role("unknown-source") == ChainRole{.kind = Kind::unknown_source});
  CHECK(chain_role("deny") == ChainRole{.kind = Kind::deny});
  CHECK(chain_role("deny-out") == ChainRole{.kind = Kind::denied, .direction = Direction::egress});
  CHECK(chain_role("egress6") ==
        ChainRole{.kind = Kind::entry, .direction = Direction::egress, .family = IpFamily::v6});
  CHECK(chain_role("k6-in-b2") == ChainRole{Kind::peer_class, Direction::ingress, IpFamily::v6, "b2"});
  CHECK(chain_role("layout-99") == ChainRole{.kind = Kind::layout, .detail = "99"});
}

TEST_CASE("names that no set of this layout has stand for nothing") {
  for (const char* name : {"",
                           "4",
                           "6",
                           "settled",
                           "settled-pods4",
                           "local-pods",
                           "local-pods5",
                           "ingress4",
                           "ingress-isolated",
                           "ingress-isolated44",
                           "p-in-all4",
                           "p--in-all4",
                           "p-0a-in-all",
                           "p-0a-in-some4",
                           "p-0a-by-all4",
                           "q-0a-in-all4",
                           "any-in4",
                           "anyone-in-all4",
                           "any0-in-all4",
                           "cut4",
                           "multicast66"}) {
    CAPTURE(name);
    CHECK_FALSE(set_role(name));
  }
}

TEST_CASE("names that no chain of this layout has stand for nothing") {
  for (const char* name : {"", "k", "k4", "k4-in", "k4-in-", "k5-in-b2", "k4-by-b2", "deny-", "deny-inner", "ingress",
                           "ingress46", "edge-in", "edge-out", "settled-connections", "forwards", "4"}) {
    CAPTURE(name);
    CHECK_FALSE(chain_role(name));
  }
}

}  // namespace
}  // namespace selvage::testing
