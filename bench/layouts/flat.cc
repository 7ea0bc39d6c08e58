#include "bench/layouts/flat.h"

#include <cstdio>
#include <functional>

namespace selvage::bench {
namespace {

using policy::NetworkPolicy;
using policy::Pod;

std::string address_of(const Pod& pod) { return pod.addresses.empty() ? "" : pod.addresses.front().to_string(); }

std::string id_of(const NetworkPolicy& policy) {
  char text[20];
  const std::size_t hash = std::hash<std::string>{}(qualified_name(policy));
  std::snprintf(text, sizeof(text), "%016zx", hash);
  return text;
}

void add_peers(const Objects& objects, const policy::PodPeer& peer, const std::string& own, FlatRule& rule) {
  const auto add_namespace = [&](const std::string& name) {
    const auto pods = objects.pods.find(name);
    if (pods == objects.pods.end()) return;
    for (const auto& [key, pod] : pods->second)
      if (peer.pod_selector.matches(pod.labels)) rule.pods.push_back(address_of(pod));
  };
  if (!peer.namespace_selector) return add_namespace(own);
  for (const auto& [name, space] : objects.namespaces)
    if (peer.namespace_selector->matches(space.labels)) add_namespace(name);
}

std::vector<FlatRule> flatten_rules(const Objects& objects, const std::vector<policy::Rule>& rules,
                                    const std::string& own) {
  std::vector<FlatRule> flat;
  for (const policy::Rule& rule : rules) {
    FlatRule made{rule.any_peer, {}, {}, rule.any_port, rule.ports};
    for (const policy::Peer& peer : rule.peers) {
      if (const auto* pods = std::get_if<policy::PodPeer>(&peer)) add_peers(objects, *pods, own, made);
      if (const auto* block = std::get_if<policy::IpBlock>(&peer)) made.blocks.push_back(block->cidr.to_string());
    }
    flat.push_back(std::move(made));
  }
  return flat;
}

}  // namespace

void Objects::apply(const policy::Event& event) {
  const policy::ObjectKey& key = event.key;
  if (key.kind == policy::Kind::name_space) {
    namespaces.erase(key.name);
    if (event.object) namespaces.emplace(key.name, std::get<policy::Namespace>(*event.object));
  } else if (key.kind == policy::Kind::pod) {
    pods[key.namespace_name].erase(key.name);
    if (event.object) pods[key.namespace_name].emplace(key.name, std::get<Pod>(*event.object));
  } else {
    policies.erase(key);
    if (event.object) policies.emplace(key, std::get<NetworkPolicy>(*event.object));
  }
}

bool is_peer(const Objects& objects, const policy::PodPeer& peer, const std::string& own, const Pod& pod) {
  if (!peer.pod_selector.matches(pod.labels)) return false;
  if (!peer.namespace_selector) return pod.namespace_name == own;
  const auto space = objects.namespaces.find(pod.namespace_name);
  return space != objects.namespaces.end() && peer.namespace_selector->matches(space->second.labels);
}

FlatPolicy flatten(const Objects& objects, const NetworkPolicy& policy, const std::string& node) {
  FlatPolicy flat;
  flat.name = qualified_name(policy);
  flat.id = id_of(policy);
  flat.isolates_ingress = policy.isolates_ingress;
  flat.isolates_egress = policy.isolates_egress;
  const auto pods = objects.pods.find(policy.namespace_name);
  if (pods != objects.pods.end()) {
    for (const auto& [name, pod] : pods->second) {
      if (!policy.pod_selector.matches(pod.labels)) continue;
      flat.pods.push_back(address_of(pod));
      if (pod.node == node) flat.locals.push_back(flat.pods.back());
    }
  }
  flat.ingress = flatten_rules(objects, policy.ingress, policy.namespace_name);
  flat.egress = flatten_rules(objects, policy.egress, policy.namespace_name);
  return flat;
}

Flat flatten(const Objects& objects, const std::string& node) {
  Flat flat;
  for (const auto& [space, pods] : objects.pods)
    for (const auto& [name, pod] : pods)
      if (pod.node == node) flat.locals.push_back(address_of(pod));
  for (const auto& [key, policy] : objects.policies) flat.policies.push_back(flatten(objects, policy, node));
  return flat;
}

std::string join(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

}  // namespace selvage::bench
