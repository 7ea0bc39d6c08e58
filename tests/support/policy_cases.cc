#include "tests/support/policy_cases.h"

namespace selvage::testing {

using policy::Protocol;

Cluster world() {
  policy::Pod agent = pod("monitoring/agent-0", {{"app", "agent"}}, {kNodeAddress}, kNode);
  agent.host_network = true;
  const std::vector<policy::NamedPort> api_ports = {
      {"http", Protocol::tcp, 8080}, {"http", Protocol::udp, 8443}, {"metrics", Protocol::tcp, 9090}};
  const std::vector<policy::Object> objects = {
      namespace_of("prod", {{"team", "shop"}}),
      namespace_of("dev", {{"team", "shop"}, {"stage", "dev"}}),
      namespace_of("monitoring", {{"team", "ops"}}),
      namespace_of("kube-system"),
      pod("prod/web-0", {{"app", "web"}}, {kWeb, kWeb6}, kNode),
      pod("prod/api-0", {{"app", "api"}, {"tier", "back"}}, {kApi, kApi6}, kNode, api_ports),
      pod("prod/db-0", {{"app", "db"}, {"tier", "back"}}, {kDb}, kNode),
      pod("dev/web-0", {{"app", "web"}}, {kDev}, kNode),
      pod("monitoring/prom-0", {{"app", "prometheus"}}, {kProm}, "node-b"),
      pod("kube-system/dns-0", {{"app", "dns"}}, {kDns}, "node-b",
          {{"dns", Protocol::tcp, 53}, {"dns", Protocol::udp, 53}}),
      pod("prod/web-1", {{"app", "web"}}, {kFar}, "node-b", {{"http", Protocol::tcp, 8000}}),
      pod("ghost/web-0", {{"app", "web"}}, {kGhost}, "node-b"),
      agent,
  };
  Cluster cluster;
  for (const auto& object : objects) apply_event(cluster, policy::upsert(object));
  return cluster;
}

std::vector<policy::Object> world_with(const std::vector<policy::Object>& extra) {
  Cluster cluster = world();
  for (const auto& object : extra) apply_event(cluster, policy::upsert(object));
  return objects_of(cluster);
}

std::vector<PolicyCase> policy_cases() {
  std::vector<PolicyCase> all;
  for (const auto& group : {isolation_cases(), peer_cases(), port_cases(), block_cases(), pod_cases()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace selvage::testing
