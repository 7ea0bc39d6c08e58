#include "tests/support/random_cluster.h"

namespace selvage::testing {
namespace {

using policy::IpBlock;
using policy::NetworkPolicy;
using policy::Pod;
using policy::PortMatch;

std::string in_words(const policy::Namespace& object) {
  std::string text = "Namespace " + object.name;
  for (const auto& [key, value] : object.labels.pairs()) text += " " + key + "=" + value;
  return text;
}

std::string in_words(const Pod& pod) {
  std::string text = "Pod " + qualified_name(pod) + " on \"" + pod.node + "\"";
  for (const auto& address : pod.addresses) text += " " + address.to_string();
  for (const auto& [key, value] : pod.labels.pairs()) text += " " + key + "=" + value;
  for (const auto& port : pod.ports) {
    text += " " + port.name + ":" + std::to_string(port.number) + "/" + to_string(port.protocol);
  }
  return text + (pod.host_network ? " hostNetwork" : "") + (pod.finished ? " finished" : "") + " created " +
         std::to_string(pod.created);
}

std::string in_words(const policy::Peer& peer) {
  if (const auto* block = std::get_if<IpBlock>(&peer)) {
    std::string text = block->cidr.to_string();
    for (const auto& except : block->except) text += " except " + except.to_string();
    return "{" + text + "}";
  }
  const auto& pods = std::get<policy::PodPeer>(peer);
  const std::string scope = pods.namespace_selector ? "ns(" + pods.namespace_selector->to_string() + ") " : "";
  return "{" + scope + "pods(" + pods.pod_selector.to_string() + ")}";
}

std::string in_words(const PortMatch& port) {
  std::string text = std::string("/") + to_string(port.protocol);
  if (const auto* name = std::get_if<std::string>(&port.port)) return *name + text;
  const auto* range = std::get_if<PortMatch::Range>(&port.port);
  if (range == nullptr) return "*" + text;
  return std::to_string(range->first) + "-" + std::to_string(range->last) + text;
}

std::string in_words(const std::vector<policy::Rule>& rules) {
  std::string text;
  for (const auto& rule : rules) {
    text += "\n    peers:";
    for (const auto& peer : rule.peers) text += " " + in_words(peer);
    text += std::string(rule.any_peer ? " anyone" : "") + "; ports:" + (rule.any_port ? " all" : "");
    for (const auto& port : rule.ports) text += " " + in_words(port);
  }
  return text;
}

std::string in_words(const NetworkPolicy& object) {
  std::string text = "NetworkPolicy " + qualified_name(object) + " selects (" + object.pod_selector.to_string() + ")";
  if (object.isolates_ingress) text += "\n  ingress:" + in_words(object.ingress);
  if (object.isolates_egress) text += "\n  egress:" + in_words(object.egress);
  return text;
}

}  // namespace

std::string describe(const Cluster& cluster) {
  std::string text;
  for (const auto& [key, object] : cluster) {
    text += std::visit([](const auto& value) { return in_words(value); }, object) + "\n";
  }
  return text;
}

}  // namespace selvage::testing
