#include "policy/tiers/decide.h"

#include <catch2/catch.hpp>
#include <utility>

#include "policy/tiers/lower.h"
#include "tests/policy/tiered_policies.h"
#include "tests/support/decided.h"
#include "tests/support/policy_cases.h"

/// What the ordered model decides with several tiers and actions, in the world of policy_cases.h.
namespace selvage::testing {
namespace {

using policy::Action;
using policy::Decision;
using policy::Direction;
using By = policy::Decision::By;

/// 80/TCP from prod/web-0 to prod/api-0.
const FirstPacket kWebToApi = tcp(kWeb, kApi, 80);

Decision decide_ingress(std::vector<policy::Policy> policies, const FirstPacket& packet = kWebToApi) {
  policy::ClusterState state = policy::state_of(world_with({}));
  state.tiers.push_back({500, "security", policy::Tier::End::deny});
  state.policies = std::move(policies);
  return policy::decide(state, Direction::ingress, flow_of(packet));
}

std::string deciding_policy(const Decision& decision) { return decision.rule ? decision.rule->policy.name : ""; }

TEST_CASE("without policies every flow is allowed after the last tier") {
  const Decision decision = decide_ingress({});
  CHECK(decision.allowed);
  CHECK(decision.by == By::last_end);
}

TEST_CASE("the first rule that matches decides, in the order of tiers and of policies in them") {
  const auto deny = tiered("security", 20, "deny", {rule(Action::deny)});
  CHECK_FALSE(decide_ingress({deny}).allowed);
  CHECK(deciding_policy(decide_ingress({deny, tiered("default", 1, "allow", {rule(Action::allow)})})) == "deny");
  CHECK(deciding_policy(decide_ingress({deny, tiered("security", 30, "allow", {rule(Action::allow)})})) == "deny");
  CHECK(deciding_policy(decide_ingress({deny, tiered("security", 10, "allow", {rule(Action::allow)})})) == "allow");
  // Of equal order: by name.
  CHECK(deciding_policy(decide_ingress({deny, tiered("security", 20, "allow", {rule(Action::allow)})})) == "allow");
  CHECK(deciding_policy(decide_ingress({deny, tiered("security", 20, "zz", {rule(Action::allow)})})) == "deny");
}

TEST_CASE("rules of one policy decide in the order in which they are written") {
  const auto web = peer(policy::PodScope{"prod", {}, where({is("app", "web")})});
  const auto decision = decide_ingress({tiered(
      "security", 1, "p",
      {rule(Action::deny, {peer(one_block("192.0.2.0/24"))}), rule(Action::allow, {web}), rule(Action::deny)})});
  CHECK(decision.allowed);
  CHECK(decision.by == By::rule);
  CHECK(decision.tier == "security");
  REQUIRE(decision.rule);
  CHECK(decision.rule->rule.index == 1);
  CHECK(decision.rule->action == Action::allow);
}

TEST_CASE("a Pass goes to the next tier and leaves out the rest of its own") {
  const auto pass = tiered("security", 1, "pass", {rule(Action::pass), rule(Action::deny)});
  const auto decision = decide_ingress({pass, tiered("security", 2, "deny", {rule(Action::deny)})});
  CHECK(decision.allowed);
  CHECK(decision.by == By::last_end);
  REQUIRE(decision.on_the_way.size() == 1);
  CHECK(decision.on_the_way[0].policy.name == "pass");
  CHECK(deciding_policy(decide_ingress({pass, tiered("default", 2, "deny", {rule(Action::deny)})})) == "deny");
}

TEST_CASE("a tier whose end denies does so if one of its policies isolates the pod") {
  const auto nothing = tiered("security", 1, "nothing", {});
  const auto decision = decide_ingress({nothing, tiered("default", 1, "allow", {rule(Action::allow)})});
  CHECK_FALSE(decision.allowed);
  CHECK(decision.by == By::tier_end);
  CHECK(decision.tier == "security");
  CHECK(decide_ingress({not_isolating(nothing)}).by == By::last_end);
  CHECK(decide_ingress({not_isolating(nothing), tiered("security", 2, "isolates", {})}).by == By::tier_end);
}

TEST_CASE("a policy that does not isolate denies what its rules deny, and leaves all else") {
  const auto deny_80 = not_isolating(
      tiered("default", 1, "deny-80", {rule(Action::deny, {anyone()}, {port(policy::Protocol::tcp, 80)})}));
  CHECK_FALSE(decide_ingress({deny_80}).allowed);
  CHECK(decide_ingress({deny_80}, tcp(kWeb, kApi, 81)).allowed);
}

TEST_CASE("a tier whose end passes never denies by itself") {
  const auto decision = decide_ingress({tiered("kube-admin", 1, "nothing", {})});
  CHECK(decision.allowed);
  CHECK(decision.by == By::last_end);
}

TEST_CASE("a Log is noted and evaluation goes on with the next rule") {
  const auto decision = decide_ingress({tiered("security", 1, "p", {rule(Action::log), rule(Action::deny)})});
  CHECK_FALSE(decision.allowed);
  REQUIRE(decision.rule);
  CHECK(decision.rule->rule.index == 1);
  REQUIRE(decision.on_the_way.size() == 1);
  CHECK(decision.on_the_way[0].action == Action::log);
  // Logs alone isolate.
  CHECK(decide_ingress({tiered("security", 1, "p", {rule(Action::log)})}).by == By::tier_end);
}

TEST_CASE("policies that do not select the pod are skipped, and a tier without others too") {
  auto other = tiered("security", 1, "other", {rule(Action::deny)});
  other.subject = {"prod", {}, where({is("app", "db")})};
  CHECK(decide_ingress({other}).by == By::last_end);
  other.subject = {"dev", {}, {}};
  CHECK(decide_ingress({other}).by == By::last_end);
  other.subject = {"", where({is("team", "shop")}), where({is("app", "api")})};
  CHECK_FALSE(decide_ingress({other}).allowed);
}

TEST_CASE("policies of the other direction are skipped") {
  auto egress = tiered("security", 1, "egress", {rule(Action::deny)});
  std::swap(egress.sides[0], egress.sides[1]);
  CHECK(decide_ingress({egress}).by == By::last_end);
}

TEST_CASE("staged policies decide nothing and do not isolate") {
  auto staged = tiered("security", 1, "staged", {});
  staged.staged = true;
  CHECK(decide_ingress({staged}).by == By::last_end);
}

TEST_CASE("a policy of an unknown tier is in a tier after all others whose end denies") {
  const auto lost = tiered("lost", 0, "lost", {});
  CHECK(decide_ingress({lost}).tier == "lost");
  CHECK(deciding_policy(decide_ingress({lost, tiered("kube-baseline", 5, "allow", {rule(Action::allow)})})) == "allow");
}

TEST_CASE("NetworkPolicies of the default tier come beside ordered policies of it") {
  const auto np = policy::lower(ingress_policy("prod/np", where(), {allow({pods(where({is("app", "web")}))})}));
  CHECK(deciding_policy(decide_ingress({np, tiered("default", 999, "deny", {rule(Action::deny)})})) == "deny");
  CHECK(deciding_policy(decide_ingress({np, tiered("default", policy::kNoOrder, "deny", {rule(Action::deny)})})) ==
        "np");
  // Allows of both kinds add up.
  const auto ordered =
      tiered("default", 5, "ordered", {rule(Action::allow, {peer(one_block(std::string(kDb) + "/32"))})});
  CHECK(decide_ingress({np, ordered}, tcp(kDb, kApi, 80)).allowed);
  CHECK(decide_ingress({np, ordered}, tcp(kWeb, kApi, 80)).allowed);
  CHECK_FALSE(decide_ingress({np, ordered}, tcp(kProm, kApi, 80)).allowed);
}

TEST_CASE("a term holds where its set and all its conditions hold") {
  const policy::PodScope web{"prod", {}, where({is("app", "web")})};
  const auto denies = [&](const policy::PeerTerm& term, const char* from) {
    return !decide_ingress({not_isolating(tiered("security", 1, "p", {rule(Action::deny, {term})}))},
                           tcp(from, kApi, 80))
                .allowed;
  };
  const policy::PeerTerm not_web{policy::Anyone{}, {{web, true}}};
  CHECK_FALSE(denies(not_web, kWeb));
  CHECK(denies(not_web, kDb));
  CHECK(denies(not_web, kWorld));
  const policy::PeerTerm web_in_block{web, {{one_block("10.244.2.0/24"), false}}};
  CHECK_FALSE(denies(web_in_block, kWeb));
  CHECK(denies(web_in_block, kFar));
}

TEST_CASE("a rule without peers or without ports matches nothing") {
  CHECK(decide_ingress({not_isolating(tiered("security", 1, "p", {rule(Action::deny, {})}))}).by == By::last_end);
  CHECK(decide_ingress({not_isolating(tiered("security", 1, "p", {rule(Action::deny, {anyone()}, {})}))}).by ==
        By::last_end);
}

TEST_CASE("conditions on the own pod are a filter on the pod that the policy selects") {
  auto deny = rule(Action::deny);
  deny.match.own = {{policy::PodScope{"prod", {}, where({is("tier", "back")})}, false}};
  auto everywhere = not_isolating(tiered("security", 1, "p", {deny}));
  everywhere.subject = {"prod", {}, {}};
  CHECK_FALSE(decide_ingress({everywhere}).allowed);
  CHECK(decide_ingress({everywhere}, tcp(kApi, kWeb, 80)).allowed);
}

TEST_CASE("addresses of no pod and pods that reach themselves are not judged") {
  const auto deny = tiered("security", 1, "p", {rule(Action::deny)});
  CHECK(decide_ingress({deny}, tcp(kApi, kWorld, 80)).by == By::nothing);
  CHECK(decide_ingress({deny}, tcp(kApi, kApi, 80)).by == By::nothing);
  CHECK(decide_ingress({deny}, tcp(kApi, kNodeAddress, 80)).by == By::nothing);
}

TEST_CASE("the names of policies of equal order compare with their namespace and kind behind them") {
  const auto a = tiered("security", 1, "a", {});
  const auto a_b = tiered("security", 1, "a-b", {});
  CHECK(policy::comes_before(a_b, a));  // "a-b/..." < "a/..."
  CHECK_FALSE(policy::comes_before(a, a_b));
}

TEST_CASE("decide agrees with the hand-written cases of NetworkPolicy") {
  for (const auto& one : policy_cases()) {
    const policy::ClusterState state = policy::state_of(one.objects);
    for (const auto& probe : one.probes) {
      INFO(one.name << ": " << to_string(probe.packet));
      CHECK(allowed_on(kNode, state, probe.packet) == probe.allowed);
    }
  }
}

}  // namespace
}  // namespace selvage::testing
