#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "policy/compile/compiler.h"
#include "policy/explain/explain_text.h"
#include "tests/policy/mend.h"
#include "tests/support/decided.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

namespace selvage::testing {
namespace {

using policy::Direction;
using policy::Explanation;
using policy::FlowVerdict;

constexpr policy::PodNetworks kNetworks{{24, 64}, 2};

OracleAnswer ask_one_way(const Cluster& cluster, const FirstPacket& packet, Direction direction) {
  return ask_oracle_one_way(objects_of(cluster), kNode, packet, direction == Direction::ingress);
}

/// How often each kind of failed condition was seen, and mended.
struct Seen {
  std::array<std::size_t, std::variant_size_v<policy::FailedCondition>> failed{};
  std::size_t mended = 0;
  std::size_t denied = 0;
};

/// Does what the explanation says is missing; then the flow must be allowed.
void check_mended(const Explanation& explanation, const Cluster& cluster, const FirstPacket& packet, Seen& seen) {
  const auto mended = mend(cluster, explanation);
  if (!mended) return;  // a selector that contradicts itself
  const auto answer = ask_one_way(*mended, packet, explanation.direction);
  INFO("with that mended the oracle says: " << answer.reason);
  REQUIRE(answer.allowed);
  const auto compiler = policy::compile(objects_of(*mended), kNode);
  const Explanation after = policy::explain(*compiler, kNetworks, explanation.direction, explanation.flow);
  REQUIRE(after.verdict == FlowVerdict::allowed);
  REQUIRE(std::count(after.policies.begin(), after.policies.end(), after.allowed_by) == 1);
  ++seen.mended;
  for (const auto& failed : explanation.nearest->failed) ++seen.failed.at(failed.index());
}

void check(const Explanation& explanation, const Cluster& cluster, const FirstPacket& packet, Seen& seen) {
  const auto answer = ask_one_way(cluster, packet, explanation.direction);
  INFO(to_string(packet) << (explanation.direction == Direction::ingress ? " ingress: " : " egress: ")
                         << policy::reason(explanation) << "; the oracle says: " << answer.reason << "; the cluster:\n"
                         << describe(cluster));
  REQUIRE((explanation.verdict == FlowVerdict::denied) == !answer.allowed);
  REQUIRE_FALSE(policy::reason(explanation).empty());
  REQUIRE(explanation.complete);
  const auto& local = explanation.direction == Direction::ingress ? packet.destination : packet.source;
  REQUIRE((explanation.verdict == FlowVerdict::no_local_pod) == !is_pod_of(objects_of(cluster), kNode, local));
  REQUIRE((explanation.nearest && explanation.verdict != FlowVerdict::denied) == false);
  if (explanation.verdict != FlowVerdict::denied) return;
  ++seen.denied;
  REQUIRE(explanation.policy_count > 0);
  if (!explanation.nearest) return;
  REQUIRE_FALSE(explanation.nearest->failed.empty());
  check_mended(explanation, cluster, packet, seen);
}

TEST_CASE("an explanation agrees with the oracle, and the flow is allowed once its failed conditions are met") {
  Seen seen;
  for_each_seed(300, [&](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const auto compiler = policy::compile(objects_of(cluster), kNode);
    for (int i = 0; i < 30; ++i) {
      const FirstPacket packet = random_packet(random, cluster);
      for (const Direction direction : policy::kDirections) {
        check(policy::explain(*compiler, kNetworks, direction, flow_of(packet)), cluster, packet, seen);
      }
    }
  });
  INFO(seen.denied << " denied, " << seen.mended << " mended");
  CHECK(seen.mended * 2 > seen.denied);
  for (std::size_t kind = 0; kind < seen.failed.size(); ++kind) {
    INFO("kind " << kind << " of failed condition");
    CHECK(seen.failed.at(kind) > 0);
  }
}

TEST_CASE("an explanation depends on the objects alone") {
  for_each_seed(60, [](Random& random) {
    Cluster cluster;
    policy::Compiler grown{kNode};
    for (int step = 0; step < 60; ++step) {
      const auto event = random_event(random, cluster);
      grown.apply(event);
      apply_event(cluster, event);
      if (chance(random, 50)) grown.update();
    }
    const policy::Snapshot& now = grown.update();
    const auto compiler = policy::compile(objects_of(cluster), kNode);
    for (int i = 0; i < 30; ++i) {
      const auto flow = flow_of(random_packet(random, cluster));
      for (const Direction direction : policy::kDirections) {
        const Explanation a = policy::explain(now, kNetworks, direction, flow);
        const Explanation b = policy::explain(*compiler, kNetworks, direction, flow);
        INFO(policy::reason(a) << " / " << policy::reason(b));
        REQUIRE(a == b);
      }
    }
  });
}

}  // namespace
}  // namespace selvage::testing
