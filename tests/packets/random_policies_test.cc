#include <catch2/catch.hpp>

#include "decided_flows.h"
#include "tests/support/property.h"

/// Random NetworkPolicies, and packets between all pods of two nodes, against the ordered model.
namespace selvage::packets {
namespace {

const char* one_of(Random& random, const std::vector<const char*>& choices) {
  return choices[below(random, choices.size())];
}

std::string random_labels(Random& random) {
  return one_of(random, {"{}", "{matchLabels: {app: web}}", "{matchLabels: {app: api}}",
                         "{matchExpressions: [{key: app, operator: NotIn, values: [api, spy]}]}"});
}

/// Blocks hold pods of node 2, or all but these, in both families.
std::string random_peers(Random& random) {
  const std::string namespaces = one_of(random, {"{}", "{matchLabels: {env: prod}}", "{matchLabels: {env: dev}}"});
  switch (below(random, 4)) {
    case 0:
      return "{podSelector: " + random_labels(random) + "}";
    case 1:
      return "{namespaceSelector: " + namespaces + "}";
    case 2:
      return "{namespaceSelector: " + namespaces + ", podSelector: " + random_labels(random) + "}";
    default:
      return chance(random, 50) ? R"({ipBlock: {cidr: 10.244.2.0/24}}, {ipBlock: {cidr: "fd00:10:244:2::/64"}})"
                                : R"({ipBlock: {cidr: 0.0.0.0/0, except: [10.244.2.0/24]}},
                      {ipBlock: {cidr: "::/0", except: ["fd00:10:244:2::/64"]}})";
  }
}

std::string random_rules(Random& random, const char* peers) {
  std::string rules;
  for (std::size_t left = below(random, 3); left > 0; --left) {
    std::string fields;
    if (chance(random, 85)) fields = std::string(peers) + ": [" + random_peers(random) + "]";
    if (chance(random, 70)) {
      fields += fields.empty() ? "" : ", ";
      fields += std::string("ports: [") +
                one_of(random, {"{port: 80}", "{port: 80, endPort: 81}", "{protocol: UDP}", "{port: http}",
                                "{protocol: UDP, port: 80}, {port: 81}"}) +
                "]";
    }
    rules += (rules.empty() ? "{" : ", {") + fields + "}";
  }
  return "[" + rules + "]";
}

std::string random_policy(Random& random, const std::string& name) {
  const std::string types = one_of(random, {"[Ingress]", "[Egress]", "[Ingress, Egress]"});
  return policy(one_of(random, {"prod", "prod", "dev"}), name,
                "{podSelector: " + random_labels(random) + ", policyTypes: " + types +
                    ", ingress: " + random_rules(random, "from") + ", egress: " + random_rules(random, "to") + "}");
}

}  // namespace

TEST_CASE("packets between pods pass where the ordered model allows them, under random policies") {
  Cluster cluster(2);
  cluster.name_space("prod", {{"env", "prod"}});
  cluster.name_space("dev", {{"env", "dev"}});
  const std::vector<TestPod*> pods = {
      &cluster.pod({"prod", "web", {{"app", "web"}}, 1}),
      &cluster.pod({"prod", "api", {{"app", "api"}}, 1, {{"http", Transport::tcp, 80}}}),
      &cluster.pod({"prod", "db", {{"app", "db"}}, 2, {{"http", Transport::tcp, 81}}}),
      &cluster.pod({"dev", "tester", {{"app", "web"}}, 1}), &cluster.pod({"dev", "spy", {{"app", "spy"}}, 2})};
  for_each_seed(6, [&](Random& random) {
    std::string policies;
    for (int i = 0; i < 4; ++i) {
      const std::string yaml = random_policy(random, "p" + std::to_string(i));
      cluster.apply("p" + std::to_string(i) + ".yaml", yaml);
      policies += yaml;
    }
    INFO(policies);
    cluster.enforce();
    const policy::ClusterState state = state_of(cluster);
    std::vector<Expectation> expected;
    for (const TestPod* from : pods) {
      for (const TestPod* to : pods) {
        if (from == to) continue;
        for (const Expectation& flow :
             {allow(*from, *to, 80), allow(*from, *to, 81), allow(*from, *to, 80, Transport::udp),
              allow(*from, *to, 80, Transport::icmp)}) {
          Expectation decision = flow;
          decision.allowed = decided(state, flow, IpFamily::v4);
          REQUIRE(decided(state, flow, IpFamily::v6) == decision.allowed);
          expected.push_back(decision);
        }
      }
    }
    cluster.check(expected);
  });
}

}  // namespace selvage::packets
