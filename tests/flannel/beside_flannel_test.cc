#include <catch2/catch.hpp>

#include "tests/flannel/scene.h"

/// All programs of a Flannel cluster together, with and without policies.
namespace selvage::testing {
namespace {

/// As Docker leaves a node: forwarded packets need a rule that accepts them, which Flannel adds.
void drop_by_default(FlannelCluster& cluster) {
  for (const unsigned node : {1U, 2U})
    for (const char* iptables : {"iptables", "ip6tables"})
      cluster.node(node).run_here({iptables, "-P", "FORWARD", "DROP"});
}

/// The agents are ready, and the preflight passes.
void check_content(FlannelCluster& cluster) {
  for (const unsigned number : {1U, 2U}) {
    Machine& node = cluster.node(number);
    node.run_here({"curl", "-fsS", "--retry", "30", "--retry-delay", "1", "--retry-all-errors",
                   "http://" + node.addresses().v4.to_string() + ":9697/readyz"});
    node.run_here({SELVAGE_BINARY, "preflight"});
  }
}

void check_beside(const FlannelOptions& options, const std::string& kube_proxy = "nftables") {
  FlannelCluster cluster(options);
  cluster.start_flannel();
  if (!options.nftables) drop_by_default(cluster);
  cluster.start_kube_proxy(kube_proxy);
  furnish(cluster);
  const std::vector<Crossing> crossings = all_crossings(cluster);
  // So policy is the reason for later silence.
  cluster.await(without_policies(crossings));
  cluster.start_agents();
  protect(cluster);
  cluster.await(crossings);
  check_content(cluster);
}

}  // namespace

TEST_CASE("policies hold beside Flannel's vxlan backend and its iptables rules") { check_beside({"vxlan", false}); }

TEST_CASE("policies hold beside Flannel's vxlan backend, its iptables rules, and kube-proxy's iptables mode") {
  check_beside({"vxlan", false}, "iptables");
}

TEST_CASE("policies hold beside Flannel's host-gw backend, its nftables rules, and kube-proxy's iptables mode") {
  check_beside({"host-gw", true}, "iptables");
}

TEST_CASE("policies hold beside Flannel's vxlan backend and its nftables rules") { check_beside({"vxlan", true}); }

TEST_CASE("policies hold beside Flannel's host-gw backend and its iptables rules") { check_beside({"host-gw", false}); }

TEST_CASE("policies hold beside Flannel's host-gw backend and its nftables rules") { check_beside({"host-gw", true}); }

}  // namespace selvage::testing
