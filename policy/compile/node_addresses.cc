#include "policy/compile/node_addresses.h"

#include <utility>

namespace selvage::policy {

void NodeAddresses::set(const Pod& pod) {
  std::string name = qualified_name(pod);
  withdraw(name);
  if (!pod.host_network || pod.finished || pod.node.empty()) return;
  for (const auto& address : pod.addresses) ++nodes_[address][pod.node];
  claims_[std::move(name)] = {pod.node, pod.addresses};
}

void NodeAddresses::remove(const std::string& namespace_name, const std::string& name) {
  withdraw(qualified_name(namespace_name, name));
}

void NodeAddresses::withdraw(const std::string& pod) {
  const auto claim = claims_.find(pod);
  if (claim == claims_.end()) return;
  for (const auto& address : claim->second.addresses) {
    auto& nodes = nodes_.at(address);
    if (--nodes.at(claim->second.node) == 0) nodes.erase(claim->second.node);
    if (nodes.empty()) nodes_.erase(address);
  }
  claims_.erase(claim);
}

void NodeAddresses::for_each_pod(
    const std::string& node,
    const std::function<void(const std::string& pod, const std::vector<IpAddress>& addresses)>& visit) const {
  for (const auto& [pod, claim] : claims_) {
    if (claim.node == node) visit(pod, claim.addresses);
  }
}

const std::string* NodeAddresses::find(const IpAddress& address) const {
  const auto nodes = nodes_.find(address);
  return nodes == nodes_.end() ? nullptr : &nodes->second.begin()->first;
}

}  // namespace selvage::policy
