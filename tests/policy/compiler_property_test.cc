#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "policy/compile/compiler.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

namespace selvage::testing {
namespace {

policy::FlowKey flow_of(const FirstPacket& packet) {
  return {packet.source, packet.destination, packet.protocol, packet.destination_port.value_or(0)};
}

/// Holds the records of `compiled` to the oracle's answers for `packets` random packets.
void check_packets(Random& random, const policy::NodePolicy& compiled, const Cluster& cluster, int packets) {
  const auto objects = objects_of(cluster);
  for (int i = 0; i < packets; ++i) {
    const FirstPacket packet = random_packet(random, cluster);
    const auto answer = ask_oracle(objects, kNode, packet);
    if (policy::allows(compiled, flow_of(packet)) == answer.allowed) continue;
    FAIL(to_string(packet) << ": the oracle says " << (answer.allowed ? "allowed: " : "denied: ") << answer.reason
                           << "; the compiled policy says otherwise. The cluster:\n"
                           << describe(cluster));
  }
}

/// The policies that select the owners of local addresses.
using Selections = std::map<IpAddress, std::set<std::string>>;

Selections selections(const policy::Compiler& compiler) {
  Selections all;
  for (const auto& [address, local] : compiler.result().local.values()) {
    const policy::PodId* pod = compiler.inventory().owner(address);
    REQUIRE(pod != nullptr);
    std::set<std::string>& names = all[address];
    for (const auto* policy : compiler.selecting(*pod)) names.insert(policy->namespace_name + "/" + policy->name);
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
      compiler.update();
      check_packets(random, compiler.result(), cluster, 12);
    }
  });
}

TEST_CASE("what is tallied after each of many events is there") {
  for_each_seed(60, [](Random& random) {
    Cluster cluster;
    policy::Compiler compiler{kNode};
    for (int step = 0; step < 60; ++step) {
      apply_some(random, 4, cluster, compiler);
      std::array<std::size_t, 4> permissions{};
      for (const auto& [key, origins] : compiler.update().permissions.values()) {
        ++permissions.at(static_cast<std::size_t>(key.kind));
      }
      REQUIRE(compiler.counts().permissions == permissions);
      REQUIRE(compiler.counts() == policy::compile(objects_of(cluster), kNode)->counts());
    }
  });
}

TEST_CASE("whoever is told of each change of selections knows who is selected") {
  for_each_seed(60, [](Random& random) {
    Cluster cluster;
    policy::Compiler compiler{kNode};
    Selections known;
    for (int step = 0; step < 60; ++step) {
      const auto event = random_event(random, cluster);
      compiler.apply(event);
      apply_event(cluster, event);
      compiler.update();
      if (compiler.take_selections_changed()) known = selections(compiler);
      REQUIRE(known == selections(compiler));
    }
  });
}

}  // namespace
}  // namespace selvage::testing
