#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "policy/model/model.h"

namespace selvage::policy {

/// Addresses of nodes, from pods on the host's network: their status.podIPs are those of the node in spec.nodeName.
/// For explanations only; no policy depends on it. Not thread-safe.
class NodeAddresses {
 public:
  /// Takes a pod in. A finished pod, or one with its own network, names no node.
  void set(const Pod& pod);
  void remove(const std::string& namespace_name, const std::string& name);

  /// Visits the unfinished host-network pods of `node` by name ("namespace/name"); a pod may have no address yet.
  void for_each_pod(
      const std::string& node,
      const std::function<void(const std::string& pod, const std::vector<IpAddress>& addresses)>& visit) const;

  /// The node's name, or nullptr; of several claims the first by name.
  [[nodiscard]] const std::string* find(const IpAddress& address) const;

 private:
  struct Claim {
    std::string node;
    std::vector<IpAddress> addresses;
  };
  void withdraw(const std::string& pod);

  std::map<std::string, Claim> claims_;                              ///< by pod, "namespace/name"
  std::map<IpAddress, std::map<std::string, std::uint32_t>> nodes_;  ///< by address and node: how many pods name them
};

}  // namespace selvage::policy
