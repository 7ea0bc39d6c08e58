#include "manifest_json.h"

#include <ctime>
#include <nlohmann/json.hpp>

namespace selvage::soak {
namespace {

using nlohmann::json;
using policy::LabelRequirement;

json labels_of(const policy::Labels& labels) {
  json object = json::object();
  for (const auto& [key, value] : labels.pairs()) object[key] = value;
  return object;
}

const char* operator_name(LabelRequirement::Operator op) {
  switch (op) {
    case LabelRequirement::Operator::in:
      return "In";
    case LabelRequirement::Operator::not_in:
      return "NotIn";
    case LabelRequirement::Operator::exists:
      return "Exists";
    case LabelRequirement::Operator::does_not_exist:
      return "DoesNotExist";
  }
  return "?";
}

json selector_of(const policy::LabelSelector& selector) {
  json list = json::array();
  for (const auto& requirement : selector.requirements) {
    json one = {{"key", requirement.key}, {"operator", operator_name(requirement.op)}};
    if (!requirement.values.empty()) one["values"] = requirement.values;
    list.push_back(one);
  }
  return list.empty() ? json::object() : json{{"matchExpressions", list}};
}

json peer_of(const policy::Peer& peer) {
  if (const auto* pods = std::get_if<policy::PodPeer>(&peer)) {
    json one = {{"podSelector", selector_of(pods->pod_selector)}};
    if (pods->namespace_selector) one["namespaceSelector"] = selector_of(*pods->namespace_selector);
    return one;
  }
  const auto& block = std::get<policy::IpBlock>(peer);
  json one = {{"cidr", block.cidr.to_string()}};
  for (const auto& except : block.except) one["except"].push_back(except.to_string());
  return {{"ipBlock", one}};
}

json port_of(const policy::PortMatch& match) {
  json one = {{"protocol", to_string(match.protocol)}};
  if (const auto* name = std::get_if<std::string>(&match.port)) one["port"] = *name;
  if (const auto* range = std::get_if<policy::PortMatch::Range>(&match.port)) {
    one["port"] = range->first;
    if (range->last != range->first) one["endPort"] = range->last;
  }
  return one;
}

json rules_of(const std::vector<policy::Rule>& rules, const char* peers) {
  json list = json::array();
  for (const auto& rule : rules) {
    json one = json::object();
    if (!rule.any_peer)
      for (const auto& peer : rule.peers) one[peers].push_back(peer_of(peer));
    if (!rule.any_port)
      for (const auto& port : rule.ports) one["ports"].push_back(port_of(port));
    list.push_back(one);
  }
  return list;
}

void annotate(json& object, const std::optional<policy::Mode>& mode) {
  if (!mode) return;
  object["metadata"]["annotations"]["selvage.dev/mode"] = *mode == policy::Mode::staged ? "staged" : "enforced";
}

json object_of(const policy::Namespace& object) {
  json one = {{"apiVersion", "v1"},
              {"kind", "Namespace"},
              {"metadata", {{"name", object.name}, {"labels", labels_of(object.labels)}}}};
  annotate(one, object.mode);
  return one;
}

std::string utc(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

json object_of(const policy::Pod& pod) {
  json one = {{"apiVersion", "v1"},
              {"kind", "Pod"},
              {"metadata",
               {{"name", pod.name},
                {"namespace", pod.namespace_name},
                {"uid", pod.uid},
                {"creationTimestamp", utc(pod.created)},
                {"labels", labels_of(pod.labels)}}},
              {"spec", {{"hostNetwork", pod.host_network}, {"containers", json::array()}}},
              {"status", {{"phase", pod.finished ? "Succeeded" : "Running"}}}};
  if (!pod.node.empty()) one["spec"]["nodeName"] = pod.node;
  json ports = json::array();
  for (const auto& port : pod.ports)
    ports.push_back({{"name", port.name}, {"protocol", to_string(port.protocol)}, {"containerPort", port.number}});
  one["spec"]["containers"].push_back({{"name", "main"}, {"ports", ports}});
  for (const auto& address : pod.addresses) one["status"]["podIPs"].push_back({{"ip", address.to_string()}});
  return one;
}

json object_of(const policy::NetworkPolicy& object) {
  json types = json::array();
  if (object.isolates_ingress) types.emplace_back("Ingress");
  if (object.isolates_egress) types.emplace_back("Egress");
  json one = {{"apiVersion", "networking.k8s.io/v1"},
              {"kind", "NetworkPolicy"},
              {"metadata", {{"name", object.name}, {"namespace", object.namespace_name}}},
              {"spec",
               {{"podSelector", selector_of(object.pod_selector)},
                {"policyTypes", types},
                {"ingress", rules_of(object.ingress, "from")},
                {"egress", rules_of(object.egress, "to")}}}};
  annotate(one, object.mode);
  return one;
}

}  // namespace

std::string manifest_of(const policy::Object& object) {
  return std::visit([](const auto& value) { return object_of(value); }, object).dump() + "\n";
}

}  // namespace selvage::soak
