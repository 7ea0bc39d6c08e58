#include <catch2/catch.hpp>

#include "nft/text/text.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/decided.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

/// The rendered tables against the ordered model: packets through the tracer, and policy::decide.
namespace selvage::testing {
namespace {

/// Runs random packets through the tables and through the ordered model.
void check_decisions(Random& random, const nft::Ruleset& ruleset, const Cluster& cluster, int packets) {
  const auto objects = objects_of(cluster);
  const policy::ClusterState state = policy::state_of(objects);
  nft::Tracer tracer(ruleset);
  for (int i = 0; i < packets; ++i) {
    const FirstPacket packet = random_packet(random, cluster);
    const Way way = chance(random, 50) ? Way::bridged : Way::routed;
    const bool decided = allowed_on(kNode, state, packet);
    const auto trace = tracer.run(on_the_way(packet, objects, way));
    if (trace.accepted == decided) continue;
    FAIL(to_string(packet) << ": the ordered model says " << (decided ? "allowed" : "denied")
                           << "; the tables say otherwise:\n"
                           << trace.text() << "\nThe cluster:\n"
                           << describe(cluster) << nft::to_text(ruleset));
  }
}

TEST_CASE("the tables of a random cluster agree with the ordered model") {
  for_each_seed(600, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    check_decisions(random, ruleset_from_scratch(objects_of(cluster)), cluster, 40);
  });
}

TEST_CASE("the tables that plans led to agree with the ordered model") {
  for_each_seed(60, [](Random& random) {
    Cluster cluster;
    IncrementalNode node;
    for (int step = 0; step < 40; ++step) {
      const auto event = random_event(random, cluster);
      apply_event(cluster, event);
      node.step({event});
      check_decisions(random, node.planned(), cluster, 8);
    }
  });
}

TEST_CASE("the tables agree with the ordered model in the hand-written cases") {
  for (const auto& one : policy_cases()) {
    const nft::Ruleset ruleset = ruleset_from_scratch(one.objects);
    const policy::ClusterState state = policy::state_of(one.objects);
    for (const auto& probe : one.probes) {
      const auto trace = nft::trace(ruleset, on_the_way(probe.packet, one.objects, Way::routed));
      INFO(one.name << ": " << to_string(probe.packet) << "\n" << trace.text());
      CHECK(trace.accepted == allowed_on(kNode, state, probe.packet));
    }
  }
}

}  // namespace
}  // namespace selvage::testing
