#include "bench/api_latency/objects.h"

namespace selvage::bench {
namespace {

using nlohmann::json;

json labels_json(const policy::Labels& labels) {
  json object = json::object();
  for (const auto& [key, value] : labels.pairs()) object[key] = value;
  return object;
}

const char* operator_name(policy::LabelRequirement::Operator op) {
  switch (op) {
    case policy::LabelRequirement::Operator::in:
      return "In";
    case policy::LabelRequirement::Operator::not_in:
      return "NotIn";
    case policy::LabelRequirement::Operator::exists:
      return "Exists";
    case policy::LabelRequirement::Operator::does_not_exist:
      return "DoesNotExist";
  }
  return "";
}

json selector_json(const policy::LabelSelector& selector) {
  json object = json::object();
  for (const policy::LabelRequirement& requirement : selector.requirements) {
    if (requirement.op == policy::LabelRequirement::Operator::in && requirement.values.size() == 1) {
      object["matchLabels"][requirement.key] = requirement.values.front();
      continue;
    }
    json expression = {{"key", requirement.key}, {"operator", operator_name(requirement.op)}};
    if (!requirement.values.empty()) expression["values"] = requirement.values;
    object["matchExpressions"].push_back(expression);
  }
  return object;
}

json peer_json(const policy::Peer& peer) {
  if (const auto* block = std::get_if<policy::IpBlock>(&peer)) {
    json object = {{"cidr", block->cidr.to_string()}};
    for (const IpPrefix& except : block->except) object["except"].push_back(except.to_string());
    return {{"ipBlock", object}};
  }
  const auto& pods = std::get<policy::PodPeer>(peer);
  json object = {{"podSelector", selector_json(pods.pod_selector)}};
  if (pods.namespace_selector) object["namespaceSelector"] = selector_json(*pods.namespace_selector);
  return object;
}

json port_json(const policy::PortMatch& match) {
  json object = {{"protocol", to_string(match.protocol)}};
  if (const auto* name = std::get_if<std::string>(&match.port)) object["port"] = *name;
  if (const auto* range = std::get_if<policy::PortMatch::Range>(&match.port)) {
    object["port"] = range->first;
    if (range->last != range->first) object["endPort"] = range->last;
  }
  return object;
}

json rules_json(const std::vector<policy::Rule>& rules, const char* peers_name) {
  json list = json::array();
  for (const policy::Rule& rule : rules) {
    json object = json::object();
    if (!rule.any_peer)
      for (const policy::Peer& peer : rule.peers) object[peers_name].push_back(peer_json(peer));
    if (!rule.any_port)
      for (const policy::PortMatch& port : rule.ports) object["ports"].push_back(port_json(port));
    list.push_back(object);
  }
  return list;
}

json metadata_json(const policy::ObjectKey& key) {
  json object = {{"name", key.name}};
  if (!key.namespace_name.empty()) object["namespace"] = key.namespace_name;
  return object;
}

json environment_json(const std::string& app) {
  return json::array({{{"name", "POD_NAME"}, {"valueFrom", {{"fieldRef", {{"fieldPath", "metadata.name"}}}}}},
                      {{"name", "DATABASE_URL"}, {"value", "postgres://" + app + "-db:5432/" + app}}});
}

json main_container_json(const std::string& app) {
  return {{"name", "app"},
          {"image", "registry.example.com/team/" + app + ":1.42.0"},
          {"args", {"serve", "--listen=:8080", "--config=/etc/app/config.yaml"}},
          {"env", environment_json(app)},
          {"ports", {{{"name", "http"}, {"containerPort", 8080}}}},
          {"resources", {{"requests", {{"cpu", "100m"}, {"memory", "128Mi"}}}, {"limits", {{"memory", "256Mi"}}}}},
          {"readinessProbe", {{"httpGet", {{"path", "/readyz"}, {"port", "http"}}}, {"periodSeconds", 10}}},
          {"volumeMounts", {{{"name", "config"}, {"mountPath", "/etc/app"}}}}};
}

json pod_spec_json(const policy::Pod& pod) {
  const std::string app(pod.labels.find("app").value_or("app"));
  return {{"nodeName", pod.node},
          {"automountServiceAccountToken", false},
          {"containers", {main_container_json(app)}},
          {"volumes", {{{"name", "config"}, {"configMap", {{"name", app}}}}}}};
}

json spec_json(const policy::NetworkPolicy& policy) {
  json spec = {{"podSelector", selector_json(policy.pod_selector)}, {"policyTypes", json::array()}};
  if (policy.isolates_ingress) spec["policyTypes"].push_back("Ingress");
  if (policy.isolates_egress) spec["policyTypes"].push_back("Egress");
  if (!policy.ingress.empty()) spec["ingress"] = rules_json(policy.ingress, "from");
  if (!policy.egress.empty()) spec["egress"] = rules_json(policy.egress, "to");
  return spec;
}

json container_status_json(const char* name) {
  return {{"name", name},
          {"ready", true},
          {"started", true},
          {"restartCount", 0},
          {"image", "registry.example.com/team/app:1.42.0"},
          {"imageID",
           "registry.example.com/team/app@sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"},
          {"containerID", "containerd://2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"},
          {"state", {{"running", {{"startedAt", "2026-01-01T00:00:05Z"}}}}}};
}

}  // namespace

std::string collection_path(const policy::ObjectKey& key) {
  if (key.kind == policy::Kind::name_space) return "/api/v1/namespaces";
  if (key.kind == policy::Kind::pod) return "/api/v1/namespaces/" + key.namespace_name + "/pods";
  return "/apis/networking.k8s.io/v1/namespaces/" + key.namespace_name + "/networkpolicies";
}

std::string object_path(const policy::ObjectKey& key) { return collection_path(key) + "/" + key.name; }

json to_json(const policy::Object& object) {
  json made = {{"metadata", metadata_json(policy::key_of(object))}};
  if (const auto* name_space = std::get_if<policy::Namespace>(&object)) {
    made["apiVersion"] = "v1";
    made["kind"] = "Namespace";
    made["metadata"]["labels"] = labels_json(name_space->labels);
  } else if (const auto* pod = std::get_if<policy::Pod>(&object)) {
    made["apiVersion"] = "v1";
    made["kind"] = "Pod";
    made["metadata"]["labels"] = labels_json(pod->labels);
    made["metadata"]["annotations"] = {{"prometheus.io/scrape", "true"}, {"prometheus.io/port", "9090"}};
    made["spec"] = pod_spec_json(*pod);
  } else {
    made["apiVersion"] = "networking.k8s.io/v1";
    made["kind"] = "NetworkPolicy";
    made["spec"] = spec_json(std::get<policy::NetworkPolicy>(object));
  }
  return made;
}

json running_status(const policy::Pod& pod) {
  json addresses = json::array();
  for (const IpAddress& address : pod.addresses) addresses.push_back({{"ip", address.to_string()}});
  json conditions = json::array();
  for (const char* type : {"PodScheduled", "Initialized", "ContainersReady", "Ready"})
    conditions.push_back({{"type", type}, {"status", "True"}, {"lastTransitionTime", "2026-01-01T00:00:05Z"}});
  return {{"status",
           {{"phase", "Running"},
            {"hostIP", "172.31.0.254"},
            {"podIP", pod.addresses.front().to_string()},
            {"podIPs", addresses},
            {"qosClass", "Burstable"},
            {"startTime", "2026-01-01T00:00:00Z"},
            {"conditions", conditions},
            {"containerStatuses", {container_status_json("app")}}}}};
}

}  // namespace selvage::bench
