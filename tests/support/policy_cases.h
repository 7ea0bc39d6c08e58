#pragma once

#include <string>
#include <vector>

#include "policy/model/model.h"
#include "tests/support/case_objects.h"
#include "tests/support/random_cluster.h"

/// Cases of NetworkPolicy with their verdicts, written by hand from the Kubernetes documents, which both the reference
/// oracle and the compiled table must match. All cases are seen from `kNode`.
namespace selvage::testing {

struct Probe {
  FirstPacket packet;
  bool allowed = false;
};

struct PolicyCase {
  std::string name;
  std::vector<policy::Object> objects;
  std::vector<Probe> probes;
};

// The world of most cases. On kNode:
inline constexpr const char* kWeb = "10.244.1.2";      ///< prod/web-0, app=web
inline constexpr const char* kWeb6 = "fd00:244:1::2";  ///< prod/web-0
inline constexpr const char* kApi = "10.244.1.3";      ///< prod/api-0, app=api tier=back, ports below
inline constexpr const char* kApi6 = "fd00:244:1::3";  ///< prod/api-0
inline constexpr const char* kDb = "10.244.1.4";       ///< prod/db-0, app=db tier=back
inline constexpr const char* kDev = "10.244.1.5";      ///< dev/web-0, app=web
// On another node:
inline constexpr const char* kProm = "10.244.2.2";   ///< monitoring/prom-0, app=prometheus
inline constexpr const char* kDns = "10.244.2.3";    ///< kube-system/dns-0, app=dns, dns 53 UDP and TCP
inline constexpr const char* kFar = "10.244.2.4";    ///< prod/web-1, app=web, http 8000/TCP
inline constexpr const char* kGhost = "10.244.2.5";  ///< ghost/web-0, app=web; no Namespace object
// Elsewhere:
inline constexpr const char* kNodeAddress = "192.168.0.1";  ///< monitoring/agent-0, app=agent, hostNetwork
inline constexpr const char* kWorld = "203.0.113.9";
inline constexpr const char* kWorld6 = "2001:db8::9";

/// The pods above and their namespaces: prod (team=shop), dev (team=shop, stage=dev), monitoring
/// (team=ops), kube-system (no label of its own). prod/api-0 names http 8080/TCP, http 8443/UDP and
/// metrics 9090/TCP.
[[nodiscard]] Cluster world();
/// The world with `extra` objects, which replace those of the same name.
[[nodiscard]] std::vector<policy::Object> world_with(const std::vector<policy::Object>& extra);

[[nodiscard]] inline Probe passes(FirstPacket packet) { return {packet, true}; }
[[nodiscard]] inline Probe drops(FirstPacket packet) { return {packet, false}; }

[[nodiscard]] std::vector<PolicyCase> isolation_cases();
[[nodiscard]] std::vector<PolicyCase> peer_cases();
[[nodiscard]] std::vector<PolicyCase> port_cases();
[[nodiscard]] std::vector<PolicyCase> block_cases();
[[nodiscard]] std::vector<PolicyCase> pod_cases();
/// All of them.
[[nodiscard]] std::vector<PolicyCase> policy_cases();

}  // namespace selvage::testing
