#include "tests/flannel/scene.h"

#include "tests/flannel/plan.h"

namespace selvage::testing {
namespace {

constexpr std::uint16_t kHostPort = 8088;
constexpr std::uint16_t kKubelet = 10250;
constexpr std::uint16_t kFrontPort = 30080;  ///< any node takes it, and masquerades
constexpr std::uint16_t kLocalPort = 30081;  ///< externalTrafficPolicy: Local
constexpr std::uint16_t kBackPort = 30082;   ///< as kFrontPort, to the pod that wants node-2
constexpr unsigned kBackService = 13;        ///< that pod's, by number

/// An ipBlock of each of both addresses alone, in flow style.
std::string blocks(const Addresses& addresses) {
  return "{ipBlock: {cidr: " + addresses.v4.to_string() + "/32}}, {ipBlock: {cidr: \"" + addresses.v6.to_string() +
         "/128\"}}";
}

std::string app(const std::string& name) { return "{podSelector: {matchLabels: {app: " + name + "}}}"; }

/// `ports` of a rule: 8080 and `more`, TCP and UDP.
std::string target_ports(const std::string& more = "") {
  return "ports: [{port: 8080}, {port: 8080, protocol: UDP}" + more + "]";
}

std::string spec(const std::string& selected, const std::string& rules) {
  return "{podSelector: {matchLabels: {app: " + selected + "}}, " + rules + "}";
}

/// The address that packets have which node-2 sends or masquerades on their way to a pod of node-1: that of the
/// interface that they leave by.
Addresses seen_of_node_2(FlannelCluster& cluster) {
  return cluster.options().backend == "vxlan" ? vxlan_addresses(2) : cluster.node(2).addresses();
}

Crossing crossing(FlannelCluster& cluster, const std::string& from, const std::string& to, bool allowed,
                  std::uint16_t port = kTargetPort, Transport transport = Transport::tcp) {
  return {from + " to " + to, &cluster.pod(from).space, cluster.pod(to).addresses, port, transport, allowed};
}

Crossing to_service(FlannelCluster& cluster, const std::string& from, unsigned service, bool allowed,
                    Transport transport = Transport::tcp) {
  return {from + " to service " + std::to_string(service),
          &cluster.pod(from).space,
          service_addresses(service),
          kServicePort,
          transport,
          allowed};
}

/// From a host outside to a port of a node.
Crossing knock(const Host& from, const std::string& who, Machine& node, std::uint16_t port, bool allowed) {
  return {who + " to " + node.name(), &from.space, node.addresses(), port, Transport::tcp, allowed};
}

}  // namespace

void furnish(FlannelCluster& cluster) {
  for (const unsigned node : {1U, 2U}) {
    const std::string number = std::to_string(node);
    for (const std::string role : {"client", "stranger", "server"})
      cluster.pod({role + "-" + number, {{"app", role}}, node});
    cluster.service({"server-" + number, node, "server-" + number});
    cluster.serve(cluster.node(node).space(), {kKubelet});
  }
  cluster.pod({"host-port", {{"app", "host-port"}}, 1, {{kHostPort, kTargetPort}}});
  cluster.pod({"front", {{"app", "front"}}, 1});
  cluster.pod({"back", {{"app", "back"}}, 1});
  cluster.service({"front", 11, "front", kFrontPort});
  cluster.service({"local", 12, "front", kLocalPort, "Local"});
  cluster.service({"back", kBackService, "back", kBackPort});
}

void protect(FlannelCluster& cluster) {
  const std::string outside = blocks(cluster.outside().addresses);
  cluster.policy("default-deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}");
  cluster.policy("clients",
                 spec("client", "policyTypes: [Egress], egress: [{to: [" + app("server") + ", " + app("host-port") +
                                    ", " + outside + "], " + target_ports() + "}, {to: [" +
                                    blocks(cluster.node(1).addresses()) + "], ports: [{port: 8088}]}]"));
  cluster.policy("strangers", spec("stranger", "policyTypes: [Egress], egress: [{}]"));
  cluster.policy("servers", spec("server", "ingress: [{from: [" + app("client") + "], " + target_ports() + "}]"));
  cluster.policy("host-port",
                 spec("host-port", "ingress: [{from: [" + app("client") + ", " + outside + ", " +
                                       blocks(cluster.node(2).addresses()) + "], " + target_ports() + "}]"));
  cluster.policy("front", spec("front", "ingress: [{from: [" + outside + "], " + target_ports() + "}]"));
  cluster.policy("back",
                 spec("back", "ingress: [{from: [" + blocks(seen_of_node_2(cluster)) + "], " + target_ports() + "}]"));
}

std::vector<Crossing> pods_to_pods(FlannelCluster& cluster) {
  std::vector<Crossing> all;
  for (const std::string from : {"client-1", "client-2", "stranger-1", "stranger-2"}) {
    const bool client = from.starts_with("client");
    for (const std::string to : {"server-1", "server-2"}) {
      for (const Transport transport : {Transport::tcp, Transport::udp})
        all.push_back(crossing(cluster, from, to, client, kTargetPort, transport));
      // The policy is about the port of the pod, not about that of the service.
      for (const std::uint16_t port : {kServicePort, std::uint16_t{81}})
        all.push_back(crossing(cluster, from, to, false, port));
      all.push_back(crossing(cluster, from, to, false, 0, Transport::icmp));
      all.push_back(crossing(cluster, to, from, false));
    }
  }
  return all;
}

std::vector<Crossing> pods_to_services(FlannelCluster& cluster) {
  std::vector<Crossing> all;
  for (const unsigned service : {1U, 2U})
    for (const Transport transport : {Transport::tcp, Transport::udp}) {
      for (const std::string node : {"-1", "-2"}) {
        all.push_back(to_service(cluster, "client" + node, service, true, transport));
        all.push_back(to_service(cluster, "stranger" + node, service, false, transport));
      }
      all.push_back(to_service(cluster, "server-" + std::to_string(service), service, true, transport));
      all.push_back(to_service(cluster, "server-" + std::to_string(3 - service), service, false, transport));
    }
  return all;
}

std::vector<Crossing> nodes_and_outside(FlannelCluster& cluster) {
  std::vector<Crossing> all;
  for (const unsigned node : {1U, 2U})
    for (const unsigned other : {1U, 2U}) {
      const std::string pod = "server-" + std::to_string(other);
      const Machine& machine = cluster.node(node);
      const bool own = node == other;
      all.push_back({machine.name() + " to " + pod, &machine.space(), cluster.pod(pod).addresses, kTargetPort,
                     Transport::tcp, own});
      all.push_back({machine.name() + " to service " + std::to_string(other), &machine.space(),
                     service_addresses(other), kServicePort, Transport::tcp, own});
      all.push_back(
          {pod + " to " + machine.name(), &cluster.pod(pod).space, machine.addresses(), kKubelet, Transport::tcp, own});
    }
  // A policy names node-2 as the pod sees it, and node-1 is the pod's own.
  for (const unsigned number : {1U, 2U}) {
    const Machine& node = cluster.node(number);
    all.push_back({node.name() + " to back", &node.space(), cluster.pod("back").addresses, kTargetPort});
    all.push_back({node.name() + " to service back", &node.space(), service_addresses(kBackService), kServicePort});
  }
  for (const std::string from : {"client-1", "client-2", "server-1", "server-2"}) {
    const Namespace* space = &cluster.pod(from).space;
    for (const Transport transport : {Transport::tcp, Transport::udp}) {
      all.push_back({from + " to outside", space, cluster.outside().addresses, kTargetPort, transport,
                     from.starts_with("client")});
      all.push_back({from + " to the stranger", space, cluster.stranger().addresses, kTargetPort, transport, false});
    }
  }
  return all;
}

std::vector<Crossing> doors(FlannelCluster& cluster) {
  const Host& outside = cluster.outside();
  const Host& stranger = cluster.stranger();
  Machine& first = cluster.node(1);
  Machine& second = cluster.node(2);
  std::vector<Crossing> all = {
      knock(outside, "outside by the host port", first, kHostPort, true),
      knock(stranger, "the stranger by the host port", first, kHostPort, false),
      // At the node of the pod the client is seen, as masquerading comes after the judgement.
      knock(outside, "outside by the node port", first, kFrontPort, true),
      knock(stranger, "the stranger by the node port", first, kFrontPort, false),
      knock(outside, "outside by the node port for node-2", first, kBackPort, false),
      // At another node it is that node which is seen.
      knock(outside, "outside by the node port", second, kFrontPort, false),
      knock(outside, "outside by the node port for node-2", second, kBackPort, true),
      knock(stranger, "the stranger by the node port for node-2", second, kBackPort, true),
      knock(outside, "outside by the local node port", first, kLocalPort, true),
      knock(stranger, "the stranger by the local node port", first, kLocalPort, false),
      knock(outside, "outside by the local node port", second, kLocalPort, false),
  };
  all.back().without_them = false;
  // A pod of node-2 is node-2 to node-1, whoever it is.
  for (const auto& [from, allowed] :
       {std::pair{"client-1", true}, {"client-2", true}, {"stranger-1", false}, {"stranger-2", true}})
    all.push_back({std::string(from) + " to the host port", &cluster.pod(from).space, first.addresses(), kHostPort,
                   Transport::tcp, allowed});
  return all;
}

std::vector<Crossing> all_crossings(FlannelCluster& cluster) {
  std::vector<Crossing> all;
  for (auto* part : {pods_to_pods, pods_to_services, nodes_and_outside, doors}) {
    const std::vector<Crossing> more = part(cluster);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace selvage::testing
