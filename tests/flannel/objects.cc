#include "tests/flannel/objects.h"

#include "tests/flannel/plan.h"

namespace selvage::testing {
namespace {

using nlohmann::json;

std::string node_of(unsigned number) { return "node-" + std::to_string(number); }

json service_port(const ServiceSetup& setup, const char* name, const char* protocol) {
  json port = {{"name", name}, {"protocol", protocol}, {"port", kServicePort}, {"targetPort", kTargetPort}};
  if (setup.node_port != 0) port["nodePort"] = setup.node_port;
  return port;
}

}  // namespace

json node_object(unsigned number) {
  const std::string digits = std::to_string(number);
  const std::string v4 = "10.244." + digits + ".0/24";
  const json blocks = json::array({v4, "fd00:10:244:" + digits + "::/64"});
  // The node controller sets this annotation, and flanneld relies on it.
  const json metadata = {{"name", node_of(number)}, {"annotations", {{"node.alpha.kubernetes.io/ttl", "0"}}}};
  return {{"metadata", metadata}, {"spec", {{"podCIDR", v4}, {"podCIDRs", blocks}}}};
}

json node_status(const lab::Addresses& addresses) {
  json list = json::array();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    list.push_back({{"type", "InternalIP"}, {"address", addresses.of(family).to_string()}});
  return {{"status", {{"addresses", list}}}};
}

json pod_object(const std::string& name, const lab::LabelMap& labels, unsigned node) {
  const json container = {{"name", "main"}, {"image", "none"}};
  return {{"metadata", {{"name", name}, {"labels", labels}}},
          {"spec", {{"nodeName", node_of(node)}, {"containers", json::array({container})}}}};
}

json pod_status(const lab::Addresses& addresses) {
  json list = json::array();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) list.push_back({{"ip", addresses.of(family).to_string()}});
  return {{"status", {{"phase", "Running"}, {"podIPs", list}}}};
}

json service_object(const ServiceSetup& setup) {
  const lab::Addresses own = service_addresses(setup.number);
  json spec = {{"type", setup.node_port == 0 ? "ClusterIP" : "NodePort"},
               {"clusterIP", own.v4.to_string()},
               {"clusterIPs", json::array({own.v4.to_string(), own.v6.to_string()})},
               {"ipFamilies", json::array({"IPv4", "IPv6"})},
               {"ipFamilyPolicy", "RequireDualStack"},
               {"ports", json::array({service_port(setup, "tcp", "TCP"), service_port(setup, "udp", "UDP")})}};
  if (setup.node_port != 0) spec["externalTrafficPolicy"] = setup.traffic_policy;
  return {{"metadata", {{"name", setup.name}}}, {"spec", spec}};
}

json endpoint_slice(const ServiceSetup& setup, IpFamily family, const IpAddress& pod, unsigned node) {
  const bool v4 = family == IpFamily::v4;
  json ports = json::array();
  for (const auto& [name, protocol] : {std::pair{"tcp", "TCP"}, std::pair{"udp", "UDP"}})
    ports.push_back({{"name", name}, {"protocol", protocol}, {"port", kTargetPort}});
  const json endpoint = {
      {"addresses", json::array({pod.to_string()})}, {"conditions", {{"ready", true}}}, {"nodeName", node_of(node)}};
  const json labels = {{"kubernetes.io/service-name", setup.name}};
  return {{"metadata", {{"name", setup.name + (v4 ? "-4" : "-6")}, {"labels", labels}}},
          {"addressType", v4 ? "IPv4" : "IPv6"},
          {"ports", ports},
          {"endpoints", json::array({endpoint})}};
}

}  // namespace selvage::testing
