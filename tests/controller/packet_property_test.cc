#include <catch2/catch.hpp>

#include "nft/text/text.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/decided.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

/// The rendered tables against the oracle and the ordered model: packets through the tracer, and policy::decide.
namespace selvage::testing {
namespace {

/// Runs random packets through the tables, and asks the oracle and the ordered model the same.
void check_packets(Random& random, const nft::Ruleset& ruleset, const Cluster& cluster, int packets) {
  const auto objects = objects_of(cluster);
  const policy::ClusterState state = policy::state_of(objects);
  nft::Tracer tracer(ruleset);
  for (int i = 0; i < packets; ++i) {
    const FirstPacket packet = random_packet(random, cluster);
    const Way way = chance(random, 50) ? Way::bridged : Way::routed;
    const auto answer = ask_oracle(objects, kNode, packet);
    const bool decided = allowed_on(kNode, state, packet);
    const auto trace = tracer.run(on_the_way(packet, objects, way));
    if (trace.accepted == answer.allowed && decided == answer.allowed) continue;
    const auto word = [](bool allowed) { return allowed ? "allowed" : "denied"; };
    FAIL(to_string(packet) << ": the oracle says " << word(answer.allowed) << " (" << answer.reason
                           << "), the ordered model " << word(decided) << ", the tables " << word(trace.accepted)
                           << ":\n"
                           << trace.text() << "\nThe cluster:\n"
                           << describe(cluster) << nft::to_text(ruleset));
  }
}

TEST_CASE("the tables agree with the hand-written cases") {
  for (const auto& one : policy_cases()) {
    const nft::Ruleset ruleset = ruleset_from_scratch(one.objects);
    const policy::ClusterState state = policy::state_of(one.objects);
    for (const auto& probe : one.probes) {
      INFO(one.name << ": " << to_string(probe.packet));
      CHECK(allowed_on(kNode, state, probe.packet) == probe.allowed);
      for (const Way way : {Way::bridged, Way::routed}) {
        const auto trace = nft::trace(ruleset, on_the_way(probe.packet, one.objects, way));
        INFO(trace.text());
        CHECK(trace.accepted == probe.allowed);
      }
    }
  }
}

TEST_CASE("the tables of a random cluster agree with the oracle and the ordered model") {
  for_each_seed(1500, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    check_packets(random, ruleset_from_scratch(objects_of(cluster)), cluster, 40);
  });
}

TEST_CASE("the tables that plans led to agree with the oracle and the ordered model") {
  for_each_seed(120, [](Random& random) {
    Cluster cluster;
    IncrementalNode node;
    for (int step = 0; step < 40; ++step) {
      const auto event = random_event(random, cluster);
      apply_event(cluster, event);
      node.step({event});
      check_packets(random, node.planned(), cluster, 8);
    }
  });
}

TEST_CASE("a reply passes whatever policy says of its direction") {
  const auto objects = world_with({both_policy("prod/deny", where(), {}, {})});
  auto packet = on_the_way(tcp(kApi, kWorld, 40000), objects, Way::routed);
  const nft::Ruleset ruleset = ruleset_from_scratch(objects);
  CHECK_FALSE(nft::trace(ruleset, packet).accepted);
  packet.tracking = nft::Tracking{true, 2};
  CHECK(nft::trace(ruleset, packet).accepted);
  packet.tracking = nft::Tracking{false, 2};
  CHECK_FALSE(nft::trace(ruleset, packet).accepted);
}

TEST_CASE("unknown addresses on the pod bridge are dropped while a pod is isolated in the direction") {
  const auto from_unknown = [] {
    nft::Packet packet = on_the_way(tcp("10.244.1.77", kWorld, 80), {}, Way::routed);
    packet.iifname = "cni0";
    return packet;
  }();
  const auto to_unknown = [] {
    nft::Packet packet = on_the_way(tcp(kWorld, "10.244.1.77", 80), {}, Way::routed);
    packet.oifname = "cni0";
    return packet;
  }();
  for_each_seed(600, [&](Random& random) {
    const Cluster cluster = random_cluster(random, 1 + below(random, 12));
    const auto objects = objects_of(cluster);
    const nft::Ruleset ruleset = ruleset_from_scratch(objects);
    INFO(describe(cluster));
    CHECK(nft::trace(ruleset, from_unknown).accepted != isolates_some_pod(objects, kNode, false));
    CHECK(nft::trace(ruleset, to_unknown).accepted != isolates_some_pod(objects, kNode, true));
  });
}

}  // namespace
}  // namespace selvage::testing
