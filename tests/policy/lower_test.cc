#include "policy/tiers/lower.h"

#include <catch2/catch.hpp>

#include "policy/compile/plain_policy.h"
#include "tests/policy/tiered_policies.h"

namespace selvage::testing {
namespace {

using policy::Direction;

TEST_CASE("a NetworkPolicy lowers into Allows of the default tier that isolate") {
  auto object = both_policy("prod/p", where({is("app", "api")}), {allow({pods(where()), block("10.0.0.0/8")})},
                            {allow_all(), allow_anyone({port(policy::Protocol::udp, 53)})});
  const policy::Policy lowered = policy::lower(object);
  CHECK(lowered.tier == "default");
  CHECK(lowered.order == 1000);
  CHECK(to_string(lowered.origin) == "NetworkPolicy prod/p");
  CHECK(lowered.subject == policy::PodScope{"prod", {}, where({is("app", "api")})});
  CHECK_FALSE(lowered.staged);
  for (const Direction direction : policy::kDirections) {
    CHECK(lowered.applies(direction));
    CHECK(lowered.isolates(direction));
    for (const auto& rule : lowered.rules(direction)) CHECK(rule.action == policy::Action::allow);
  }
  REQUIRE(lowered.rules(Direction::ingress).size() == 1);
  const policy::Match& match = lowered.rules(Direction::ingress)[0].match;
  CHECK(match.peers == std::vector{peer(policy::PodScope{"prod", {}, {}}), peer(one_block("10.0.0.0/8"))});
  CHECK(match.ports == std::vector<policy::PortTerm>{policy::EveryProtocol{}});
  REQUIRE(lowered.rules(Direction::egress).size() == 2);
  CHECK(lowered.rules(Direction::egress)[0].match.peers == std::vector{anyone()});
  CHECK(lowered.rules(Direction::egress)[1].origin.index == 1);
  CHECK(lowered.rules(Direction::egress)[1].match.ports ==
        std::vector<policy::PortTerm>{port(policy::Protocol::udp, 53)});
  object.mode = policy::Mode::staged;
  CHECK(policy::lower(object).staged);
}

TEST_CASE("a direction that is none of the policy's types has no rules") {
  auto object = ingress_policy("prod/p", where(), {});
  object.egress = {allow_all()};
  const policy::Policy lowered = policy::lower(object);
  CHECK(lowered.isolates(Direction::ingress));
  CHECK_FALSE(lowered.applies(Direction::egress));
  CHECK_FALSE(lowered.isolates(Direction::egress));
  CHECK(lowered.rules(Direction::egress).empty());
}

TEST_CASE("a rule whose peers or ports were all refused matches nothing") {
  policy::Rule refused;
  const policy::Policy lowered = policy::lower(ingress_policy("prod/p", where(), {refused}));
  REQUIRE(lowered.rules(Direction::ingress).size() == 1);
  CHECK(lowered.rules(Direction::ingress)[0].match == policy::Match{});
}

TEST_CASE("the tables hold what NetworkPolicies lower into, and name what they do not hold") {
  const auto plain = policy::lower(ingress_policy("prod/p", where(), {allow_all()}));
  CHECK(policy::check_plain(plain));
  const auto refuses = [&](auto change) {
    policy::Policy changed = plain;
    change(changed);
    const auto result = policy::check_plain(changed);
    return !result && result.error().message.starts_with("NetworkPolicy prod/p: the tables cannot hold");
  };
  using policy::Policy;
  CHECK(refuses([](Policy& p) { p.tier = "security"; }));
  CHECK(refuses([](Policy& p) { p.subject.namespace_selector = where(); }));
  CHECK(refuses([](Policy& p) { p.sides[0].isolates = false; }));
  CHECK(refuses([](Policy& p) { p.sides[0].rules[0].action = policy::Action::deny; }));
  CHECK(refuses([](Policy& p) { p.sides[0].rules[0].match.own = {{policy::Anyone{}, true}}; }));
  CHECK(refuses([](Policy& p) { p.sides[0].rules[0].match.peers[0].conditions = {{policy::Anyone{}, true}}; }));
}

}  // namespace
}  // namespace selvage::testing
