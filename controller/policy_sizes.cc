#include "controller/policy_sizes.h"

#include <array>
#include <set>
#include <string>
#include <string_view>

namespace selvage::controller {
namespace {

void publish_isolated_pods(const policy::NodePolicy& enforced, telemetry::Metrics& metrics) {
  std::set<std::string_view> ingress;
  std::set<std::string_view> egress;
  for (const auto& [address, local] : enforced.local.values()) {
    if (local.isolated_ingress) ingress.insert(local.pod);
    if (local.isolated_egress) egress.insert(local.pod);
  }
  metrics.set_isolated_pods(telemetry::Direction::ingress, ingress.size());
  metrics.set_isolated_pods(telemetry::Direction::egress, egress.size());
}

void publish_permissions(const policy::NodePolicy& enforced, telemetry::Metrics& metrics) {
  static constexpr std::array<std::string_view, std::size(policy::kPortKinds)> kNames = {"all", "protocols", "ports",
                                                                                         "ranges"};
  std::array<std::size_t, std::size(policy::kPortKinds)> counts{};
  for (const auto& [key, origins] : enforced.permissions.values()) ++counts.at(static_cast<std::size_t>(key.kind));
  for (std::size_t kind = 0; kind < counts.size(); ++kind) metrics.set_elements(kNames.at(kind), counts.at(kind));
}

}  // namespace

void publish(const policy::Compiler& compiler, std::size_t staged_policies, telemetry::Metrics& metrics) {
  metrics.set_objects("Pod", compiler.pod_count());
  metrics.set_objects("Namespace", compiler.namespace_count());
  metrics.set_objects("NetworkPolicy", compiler.policy_count() + staged_policies);
  metrics.set_staged_policies(staged_policies);
  const policy::NodePolicy& enforced = compiler.result();
  publish_isolated_pods(enforced, metrics);
  metrics.set_classes(enforced.classes.values().size());
  publish_permissions(enforced, metrics);
  metrics.set_elements("peers", enforced.peers[0].values().size() + enforced.peers[1].values().size());
  metrics.set_elements("cells", enforced.cells[0].values().size() + enforced.cells[1].values().size());
  metrics.set_elements("local_pods", enforced.local.values().size());
}

}  // namespace selvage::controller
