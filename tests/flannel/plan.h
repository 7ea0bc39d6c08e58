#pragma once

#include <string>

#include "base/ip_address.h"
#include "lab/node.h"

/// The addresses of these tests' cluster.
namespace selvage::testing {

inline constexpr const char* kPodNetwork4 = "10.244.0.0/16";
inline constexpr const char* kPodNetwork6 = "fd00:10:244::/48";
inline constexpr const char* kServiceNetworks = "10.96.0.0/16,fd00:10:96::/112";

inline lab::Addresses addresses(const std::string& v4, const std::string& v6) {
  return {IpAddress::parse(v4).value(), IpAddress::parse(v6).value()};
}

/// The clusterIPs of a service by its number, 1 to 254.
inline lab::Addresses service_addresses(unsigned number) {
  return addresses("10.96.1." + std::to_string(number), "fd00:10:96::" + std::to_string(number));
}

/// The address of a node's VXLAN devices, which packets have that the node itself sends to pods of other nodes: the
/// lowest of its pod network.
inline lab::Addresses vxlan_addresses(unsigned node) {
  const std::string number = std::to_string(node);
  return addresses("10.244." + number + ".0", "fd00:10:244:" + number + "::");
}

}  // namespace selvage::testing
