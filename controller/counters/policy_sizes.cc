#include "controller/counters/policy_sizes.h"

#include <array>
#include <string_view>

namespace selvage::controller {
namespace {

constexpr std::array<std::string_view, std::size(policy::kPortKinds)> kKindNames = {"all", "protocols", "ports",
                                                                                    "ranges"};

void publish(const policy::LocalCounts& tally, telemetry::Metrics& metrics) {
  metrics.set_isolated_pods(telemetry::Direction::ingress, tally.isolated[index(policy::Direction::ingress)]);
  metrics.set_isolated_pods(telemetry::Direction::egress, tally.isolated[index(policy::Direction::egress)]);
  for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) {
    metrics.set_elements(kKindNames.at(kind), tally.permissions.at(kind));
  }
}

}  // namespace

void publish(const policy::Compiler& compiler, std::size_t staged_policies, telemetry::Metrics& metrics) {
  metrics.set_objects("Pod", compiler.pod_count());
  metrics.set_objects("Namespace", compiler.namespace_count());
  metrics.set_objects("NetworkPolicy", compiler.policy_count() + staged_policies);
  metrics.set_staged_policies(staged_policies);
  const policy::NodePolicy& enforced = compiler.result();
  publish(compiler.counts(), metrics);
  metrics.set_classes(enforced.classes.values().size());
  metrics.set_elements("peers", enforced.peers[0].values().size() + enforced.peers[1].values().size());
  metrics.set_elements("cells", enforced.cells[0].values().size() + enforced.cells[1].values().size());
  metrics.set_elements("local_pods", enforced.local.values().size());
}

}  // namespace selvage::controller
