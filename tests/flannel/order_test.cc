#include <catch2/catch.hpp>

#include "tests/flannel/scene.h"
#include "tests/support/prober.h"

/// The order of starts and restarts does not change verdicts.
namespace selvage::testing {
namespace {

/// Crossings that do not depend on the rules of other programs: pod to pod, judged by Selvage alone, and all that
/// policies deny.
std::vector<Crossing> steady(FlannelCluster& cluster) {
  std::vector<Crossing> all;
  for (const Crossing& crossing : pods_to_pods(cluster))
    if (crossing.allowed) all.push_back(crossing);
  for (const Crossing& crossing : all_crossings(cluster))
    if (!crossing.allowed) all.push_back(crossing);
  return all;
}

void remove_flannels_rules(Machine& node, const FlannelOptions& options) {
  if (options.nftables) {
    node.run_here({"nft", "-f", "-"}, "delete table ip flannel-ipv4\ndelete table ip6 flannel-ipv6\n");
    return;
  }
  for (const char* iptables : {"iptables", "ip6tables"}) {
    node.run_here({iptables, "-t", "nat", "-F", "FLANNEL-POSTRTG"});
    node.run_here({iptables, "-F", "FLANNEL-FWD"});
  }
}

/// Stops, wipes and starts again, one node after the other, first Flannel and then kube-proxy.
void start_again(FlannelCluster& cluster) {
  for (const unsigned number : {1U, 2U}) {
    Machine& node = cluster.node(number);
    node.stop_flannel();
    remove_flannels_rules(node, cluster.options());
    node.start_flannel(cluster.options());
    node.stop_kube_proxy();
    node.run_here({"nft", "-f", "-"}, "delete table ip kube-proxy\ndelete table ip6 kube-proxy\n");
    node.start_kube_proxy("nftables");
  }
}

void check_order(const FlannelOptions& options) {
  FlannelCluster cluster(options);
  protect(cluster);
  cluster.start_agents();
  cluster.start_flannel();
  cluster.start_kube_proxy();
  furnish(cluster);
  const std::vector<Crossing> all = all_crossings(cluster);
  cluster.await(all);
  {
    Prober prober([crossings = steady(cluster)] { return surprises(crossings, Closed::unanswered); });
    start_again(cluster);
    cluster.await(all);
    prober.check();
  }
  for (const unsigned node : {1U, 2U}) cluster.node(node).stop_agent();
  start_again(cluster);
  cluster.await(all);
}

}  // namespace

TEST_CASE("Selvage may start first, and Flannel's iptables rules and kube-proxy's table may be recreated at any time") {
  check_order({"vxlan", false});
}

TEST_CASE("Selvage may start first, and Flannel's nftables rules and kube-proxy's table may be recreated at any time") {
  check_order({"host-gw", true});
}

}  // namespace selvage::testing
