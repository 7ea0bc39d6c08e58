#include "controller/counters/policy_sizes.h"

#include <array>
#include <string_view>

namespace selvage::controller {
namespace {

constexpr std::array<std::string_view, std::size(policy::kPortKinds)> kKindNames = {"all", "protocols", "ports",
                                                                                    "ranges"};

void publish(const policy::LocalCounts& counts, telemetry::Metrics& metrics) {
  for (const Direction direction : kDirections) metrics.set_isolated_pods(direction, counts.isolated[index(direction)]);
  for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) {
    metrics.set_elements(kKindNames.at(kind), counts.permissions.at(kind));
  }
}

}  // namespace

void publish(const policy::Snapshot& snapshot, std::size_t staged_policies, telemetry::Metrics& metrics) {
  metrics.set_objects("Pod", snapshot.pod_count());
  metrics.set_objects("Namespace", snapshot.namespace_count());
  metrics.set_objects("NetworkPolicy", snapshot.policy_count() + staged_policies);
  metrics.set_staged_policies(staged_policies);
  const policy::NodePolicy& enforced = snapshot.result();
  publish(snapshot.counts(), metrics);
  metrics.set_classes(enforced.classes.values().size());
  metrics.set_elements("peers", enforced.peers[0].values().size() + enforced.peers[1].values().size());
  metrics.set_elements("cells", enforced.cells[0].values().size() + enforced.cells[1].values().size());
  metrics.set_elements("local_pods", enforced.local.values().size());
}

}  // namespace selvage::controller
