#include <catch2/catch.hpp>

#include "cluster.h"

/// Traffic that a service proxy or the node itself takes part in.
namespace selvage::packets {
namespace {

const char* service_address(IpFamily family) { return family == IpFamily::v4 ? "10.96.0.10" : "fd00:10:96::10"; }

Endpoint service(IpFamily family) { return {IpAddress::parse(service_address(family)).value(), 80}; }

/// kube-proxy's rules for a ClusterIP service on port 80 with one endpoint on 8080: DNAT, and masquerading of a pod
/// that connects to itself.
std::string proxy_rules(const TestPod& endpoint) {
  std::string nat;
  std::string masquerade;
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const bool v4 = family == IpFamily::v4;
    const std::string ip = v4 ? "ip" : "ip6";
    const std::string pod = endpoint.address(family).to_string();
    nat += ip + " daddr " + service_address(family) + " tcp dport 80 dnat " + ip + " to " +
           (v4 ? pod : "[" + pod + "]") + ":8080;\n";
    masquerade += ip + " saddr " + pod + " " + ip + " daddr " + pod + " masquerade;\n";
  }
  return "table inet test-proxy {\n chain pre { type nat hook prerouting priority dstnat;\n" + nat +
         "}\n chain post { type nat hook postrouting priority srcnat;\n" + masquerade + "}\n}\n";
}

}  // namespace

TEST_CASE("policies apply to the pod and port behind a service address") {
  Cluster cluster(2);
  TestPod& web = cluster.pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = cluster.pod({"prod", "api", {{"app", "api"}}, 1, {{"http", Transport::tcp, 8080}}});
  TestPod& spy = cluster.pod({"prod", "spy", {{"app", "spy"}}, 2});
  cluster.nft(1, proxy_rules(api));
  cluster.nft(2, proxy_rules(api));
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    for (const TestPod* from : {&web, &spy}) CHECK(answered(from->space(), Transport::tcp, service(family), kAllowed));
  cluster.apply("allow.yaml", policy("prod", "allow", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]})"));
  cluster.enforce();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    CHECK(answered(web.space(), Transport::tcp, service(family), kAllowed));
    CHECK_FALSE(answered(spy.space(), Transport::tcp, service(family), kDenied));
  }
  cluster.apply("allow.yaml", policy("prod", "allow", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]})"));
  cluster.enforce();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    CHECK_FALSE(answered(web.space(), Transport::tcp, service(family), kDenied));
}

TEST_CASE("an isolated pod reaches itself through its service") {
  Cluster cluster;
  TestPod& api = cluster.pod({"prod", "api", {}, 1, {{"http", Transport::tcp, 8080}}});
  TestPod& web = cluster.pod({"prod", "web", {}});
  cluster.nft(1, proxy_rules(api));
  cluster.apply("deny.yaml", policy("prod", "deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}"));
  cluster.enforce();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    CHECK(answered(api.space(), Transport::tcp, service(family), kAllowed));
    CHECK_FALSE(answered(web.space(), Transport::tcp, service(family), kDenied));
  }
}

TEST_CASE("a node reaches its own isolated pods and they reach it, while another node does not") {
  Cluster cluster(2);
  TestPod& api = cluster.pod({"prod", "api", {}});
  cluster.apply("deny.yaml", policy("prod", "deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}"));
  for (const unsigned number : {1U, 2U}) cluster.serve(cluster.node(number).space(), Transport::tcp, 10250);
  const auto both_ways = [&](unsigned number, bool allowed) {
    const milliseconds patience = allowed ? kAllowed : kDenied;
    const Node& node = cluster.node(number);
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
      for (const Transport transport : {Transport::tcp, Transport::icmp}) {
        CHECK(answered(node.space(), transport, {api.address(family), 80}, patience) == allowed);
        CHECK(answered(api.space(), transport, {node.underlay_addresses().of(family), 10250}, patience) == allowed);
      }
  };
  cluster.enforce();
  both_ways(1, true);
  both_ways(2, false);
  CHECK(answered(api.space(), Transport::tcp, {cluster.node(1).gateway().v4, 10250}, kAllowed));
  CHECK(answered(api.space(), Transport::icmp, {cluster.node(1).gateway().v6}, kAllowed));
}

}  // namespace selvage::packets
