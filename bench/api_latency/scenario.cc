#include "bench/api_latency/scenario.h"

#include "bench/api_latency/objects.h"
#include "bench/world.h"

namespace selvage::bench {
namespace {

using nlohmann::json;

// Two namespaces of make_world: the changes concern their policies and, by namespace labels, all their pods.
constexpr const char* kClientNamespace = "team-0";
constexpr const char* kServerNamespace = "team-1";
constexpr const char* kFlipPolicy = "bench-further";
constexpr const char* kGranted = "bench/granted";

policy::PortMatch flow_port() { return {policy::Protocol::udp, policy::PortMatch::Range{kFlowPort, kFlowPort}}; }

policy::NetworkPolicy server_policy(const std::string& name, policy::PodPeer from) {
  policy::NetworkPolicy made;
  made.namespace_name = kServerNamespace;
  made.name = name;
  made.pod_selector = policy::match_labels({{"app", "bench-server"}});
  made.isolates_ingress = true;
  made.ingress.emplace_back();
  made.ingress.front().peers = {std::move(from)};
  made.ingress.front().ports = {flow_port()};
  return made;
}

/// The client may send to all destinations, whatever other policies its namespace has.
policy::NetworkPolicy client_policy() {
  policy::NetworkPolicy made;
  made.namespace_name = kClientNamespace;
  made.name = "bench-client";
  made.pod_selector = policy::match_labels({{"app", "bench-client"}});
  made.isolates_egress = true;
  made.egress.emplace_back();
  made.egress.front().any_peer = true;
  made.egress.front().any_port = true;
  return made;
}

policy::NetworkPolicy further_policy() {
  return server_policy(kFlipPolicy, {policy::match_labels({{"name", kClientNamespace}}),
                                     policy::match_labels({{"app", "bench-client"}})});
}

policy::Pod real_pod(const char* name_space, const std::string& name, const lab::Host& host) {
  policy::Pod pod;
  pod.namespace_name = name_space;
  pod.name = name;
  pod.node = kNode;
  pod.labels = policy::Labels{{"app", name}};
  pod.addresses = {host.addresses.v4, host.addresses.v6};
  return pod;
}

std::string label_patch(bool present) {
  const json value = present ? json("yes") : json(nullptr);
  return json{{"metadata", {{"labels", {{kGranted, value}}}}}}.dump();
}

}  // namespace

const char* to_string(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::policy:
      return "policy created or deleted";
    case ChangeKind::pod_labels:
      return "pod's labels";
    case ChangeKind::namespace_labels:
      return "namespace's labels";
  }
  return "";
}

const char* collection_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::policy:
      return "/apis/networking.k8s.io/v1/networkpolicies";
    case ChangeKind::pod_labels:
      return "/api/v1/pods";
    case ChangeKind::namespace_labels:
      return "/api/v1/namespaces";
  }
  return "";
}

Scenario::Scenario(testing::ApiClient& api, const lab::Host& client, const lab::Host& server) : api_(api) {
  const auto create = [this](const policy::Object& object) {
    must(api_.post(collection_path(policy::key_of(object)), to_json(object).dump()));
  };
  for (const policy::Pod& pod :
       {real_pod(kClientNamespace, "bench-client", client), real_pod(kServerNamespace, "bench-server", server)}) {
    create(pod);
    must(api_.patch(object_path(policy::key_of(pod)) + "/status", running_status(pod).dump()));
  }
  create(client_policy());
  create(server_policy("bench-pods", {policy::LabelSelector{}, policy::match_labels({{kGranted, "yes"}})}));
  create(server_policy("bench-namespaces", {policy::match_labels({{kGranted, "yes"}}), {}}));
}

void Scenario::change(ChangeKind kind, bool allow) {
  switch (kind) {
    case ChangeKind::policy: {
      const policy::NetworkPolicy flip = further_policy();
      const policy::ObjectKey key = policy::key_of(flip);
      must(allow ? api_.post(collection_path(key), to_json(flip).dump()) : api_.remove(object_path(key)));
      return;
    }
    case ChangeKind::pod_labels:
      must(
          api_.patch(std::string("/api/v1/namespaces/") + kClientNamespace + "/pods/bench-client", label_patch(allow)));
      return;
    case ChangeKind::namespace_labels:
      must(api_.patch(std::string("/api/v1/namespaces/") + kClientNamespace, label_patch(allow)));
  }
}

}  // namespace selvage::bench
