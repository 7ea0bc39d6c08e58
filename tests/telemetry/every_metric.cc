#include "tests/telemetry/every_metric.h"

#include <cerrno>

namespace selvage::telemetry {

using std::chrono::milliseconds;

std::vector<PacketCount> packet_counts() {
  return {
      {PacketVerdict::denied, Direction::ingress, "prod", "api-0", {}, 12, 720},
      {PacketVerdict::denied, Direction::egress, "prod", "api-0", {}, 3, 180},
      {PacketVerdict::unknown_endpoint_dropped, Direction::ingress, "", "", {}, 5, 500},
      {PacketVerdict::cut, std::nullopt, "", "", {}, 7, 420},
      {PacketVerdict::allowed, Direction::ingress, "", "", {"prod/a", "prod/b"}, 1000, 64'000},
      {PacketVerdict::staged, Direction::egress, "prod", "api-0", {"prod/c"}, 8, 480},
  };
}

void feed_everything(Metrics& metrics, Moment now) {
  metrics.sync_succeeded(milliseconds(3), now, WallTime{} + std::chrono::seconds(1'700'000'000));
  metrics.sync_failed(milliseconds(40), ENOSPC);
  metrics.committed(milliseconds(2));
  metrics.set_pending_changes(17);
  metrics.event_enforced(milliseconds(8));
  metrics.set_objects("Pod", 110);
  metrics.set_objects("NetworkPolicy", 12);
  metrics.set_objects("Namespace", 4);
  metrics.count_bad_object("NetworkPolicy");
  metrics.set_refused_objects("element", 1);
  metrics.set_isolated_pods(Direction::ingress, 30);
  metrics.set_isolated_pods(Direction::egress, 9);
  metrics.set_fastpath_addresses(41);
  metrics.set_classes(6);
  metrics.set_staged_policies(2);
  metrics.set_unsupported_policies("cilium.io", "CiliumNetworkPolicy", 3);
  metrics.set_elements("ports", 44);
  metrics.set_elements("peers", 80);
  metrics.count_watch_restart("pods");
  metrics.set_stale("pods", now - std::chrono::seconds(30), now);
  metrics.count_interference(5);
  metrics.set_table_ownership(TableOwnership::owned);
  metrics.self_checked(2);
  metrics.self_check_failed();
  metrics.count_denied_log_dropped(19);
}

}  // namespace selvage::telemetry
