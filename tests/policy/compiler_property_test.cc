#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "policy/compile/compiler.h"
#include "tests/support/decided.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

namespace selvage::testing {
namespace {

/// Compares for `packets` random packets what the oracle, the ordered model and the records of `compiled` say.
void check_packets(Random& random, const policy::NodePolicy& compiled, const Cluster& cluster, int packets) {
  const auto objects = objects_of(cluster);
  const policy::ClusterState state = policy::state_of(objects);
  for (int i = 0; i < packets; ++i) {
    const FirstPacket packet = random_packet(random, cluster);
    const auto answer = ask_oracle(objects, kNode, packet);
    const bool by_records = policy::allows(compiled, flow_of(packet));
    const bool by_model = allowed_on(kNode, state, packet);
    if (by_records == answer.allowed && by_model == answer.allowed) continue;
    FAIL(to_string(packet) << ": by the oracle " << (answer.allowed ? "allowed: " : "denied: ") << answer.reason
                           << "; by the ordered model " << (by_model ? "allowed" : "denied") << ", by the records "
                           << (by_records ? "allowed" : "denied") << ". The cluster:\n"
                           << describe(cluster));
  }
}

/// The policies that select the owners of local addresses.
using Selections = std::map<IpAddress, std::set<std::string>>;

Selections selections(const policy::Snapshot& snapshot) {
  Selections all;
  for (const auto& [address, local] : snapshot.result().local.values()) {
    const policy::PodId* pod = snapshot.inventory().owner(address);
    REQUIRE(pod != nullptr);
    std::set<std::string>& names = all[address];
    for (const auto* policy : snapshot.selecting(*pod)) names.insert(qualified_name(policy->origin));
  }
  return all;
}

TEST_CASE("the compiled records agree with the hand-written cases") {
  for (const auto& one : policy_cases()) {
    const auto compiler = policy::compile(one.objects, kNode);
    for (const auto& probe : one.probes) {
      INFO(one.name << ": " << to_string(probe.packet));
      CHECK(policy::allows(compiler->result(), flow_of(probe.packet)) == probe.allowed);
    }
  }
}

/// One to `most` random events, to both.
void apply_some(Random& random, std::size_t most, Cluster& cluster, policy::Compiler& compiler) {
  for (std::size_t events = 1 + below(random, most); events > 0; --events) {
    const auto event = random_event(random, cluster);
    compiler.apply(event);
    apply_event(cluster, event);
  }
}

TEST_CASE("the compiled records of a random cluster agree with the oracle") {
  for_each_seed(600, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const auto compiler = policy::compile(objects_of(cluster), kNode);
    check_packets(random, compiler->result(), cluster, 60);
  });
}

TEST_CASE("the compiled records agree with the oracle after each of many events") {
  for_each_seed(100, [](Random& random) {
    Cluster cluster;
    policy::Compiler compiler{kNode};
    for (int step = 0; step < 60; ++step) {
      apply_some(random, 3, cluster, compiler);
      check_packets(random, compiler.update().result(), cluster, 12);
    }
  });
}

TEST_CASE("the counts agree with the records after each of many events") {
  for_each_seed(60, [](Random& random) {
    Cluster cluster;
    policy::Compiler compiler{kNode};
    for (int step = 0; step < 60; ++step) {
      apply_some(random, 4, cluster, compiler);
      std::array<std::size_t, 4> permissions{};
      const policy::Snapshot& now = compiler.update();
      for (const auto& [key, origins] : now.result().permissions.values()) {
        ++permissions.at(static_cast<std::size_t>(key.kind));
      }
      REQUIRE(now.counts().permissions == permissions);
      REQUIRE(now.counts() == policy::compile(objects_of(cluster), kNode)->counts());
    }
  });
}

TEST_CASE("selections change only where take_selections_changed reports it") {
  for_each_seed(60, [](Random& random) {
    Cluster cluster;
    policy::Compiler compiler{kNode};
    Selections known;
    for (int step = 0; step < 60; ++step) {
      const auto event = random_event(random, cluster);
      compiler.apply(event);
      apply_event(cluster, event);
      const policy::Snapshot& now = compiler.update();
      if (compiler.take_selections_changed()) known = selections(now);
      REQUIRE(known == selections(now));
    }
  });
}

}  // namespace
}  // namespace selvage::testing
