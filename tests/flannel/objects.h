#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "lab/manifest.h"
#include "lab/node.h"

/// Kubernetes objects as written by components that these clusters lack: kubelet, node and endpoint controllers.
namespace selvage::testing {

struct ServiceSetup {
  std::string name;
  unsigned number = 0;                     ///< of service_addresses()
  std::string pod;                         ///< its only endpoint
  std::uint16_t node_port = 0;             ///< 0: type ClusterIP, else NodePort
  std::string traffic_policy = "Cluster";  ///< externalTrafficPolicy
};

/// The target port of all services, and their own port. Both for TCP and UDP.
inline constexpr std::uint16_t kTargetPort = 8080;
inline constexpr std::uint16_t kServicePort = 80;

nlohmann::json node_object(unsigned number);
/// {"status": ...} with the node's InternalIPs.
nlohmann::json node_status(const lab::Addresses& addresses);
nlohmann::json pod_object(const std::string& name, const lab::LabelMap& labels, unsigned node);
/// {"status": ...} of a running pod.
nlohmann::json pod_status(const lab::Addresses& addresses);
nlohmann::json service_object(const ServiceSetup& setup);
/// The EndpointSlice of one family for a service with one endpoint.
nlohmann::json endpoint_slice(const ServiceSetup& setup, IpFamily family, const IpAddress& pod, unsigned node);

}  // namespace selvage::testing
