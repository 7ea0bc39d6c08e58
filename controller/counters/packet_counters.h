#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "controller/counters/allowed_totals.h"
#include "controller/counters/counter_labels.h"
#include "netlink/socket.h"
#include "telemetry/packet_count.h"

namespace selvage::controller {

/// Reads the packet counters of this node's tables: packets denied to and from each local pod, dropped for unknown
/// endpoints and by `cut`, those that staged policies would deny, and with RenderOptions::policy_counters those that
/// each policy allowed. Thread-safe: `set_labels` and `update_labels` are for the thread that commits and never wait
/// for the kernel, `read` is for the thread that serves a scrape. Tied to the network namespace in which it was opened;
/// needs CAP_NET_ADMIN.
class PacketCounters {
 public:
  static Result<std::unique_ptr<PacketCounters>> open();

  /// Sets the labels of the committed tables.
  void set_labels(CounterLabels labels);
  /// Changes the labels in place; call it after `set_labels`.
  void update_labels(const std::function<void(CounterLabels&)>& change);

  /// The current counters: one for each element that counts denied packets (a pod with two addresses has two), and one
  /// for each series of allowed ones. Dumps only the sets and chains that it needs. Drops in the bridge table have no
  /// direction. Before the first commit, and without tables, everything is zero or absent. An error names the set or
  /// chain that could not be read.
  Result<std::vector<telemetry::PacketCount>> read();

 private:
  using DeniedVisitor = std::function<void(policy::Direction, const IpAddress&, const nft::CounterValue&)>;

  explicit PacketCounters(netlink::Socket socket);
  [[nodiscard]] const std::optional<CounterLabels>& take_labels() REQUIRES(reading_);
  /// Visits each element of a table that counts denied packets by the local address.
  Result<void> for_each_denied(const nft::TableKey& table, const DeniedVisitor& visit) REQUIRES(reading_);
  Result<void> read_denied(const CounterLabels& labels, std::vector<telemetry::PacketCount>& counts) REQUIRES(reading_);
  Result<void> read_staged(const CounterLabels& labels, std::vector<telemetry::PacketCount>& counts) REQUIRES(reading_);
  Result<void> read_dropped(std::vector<telemetry::PacketCount>& counts) REQUIRES(reading_);
  Result<void> read_allowed(const CounterLabels& labels, std::vector<telemetry::PacketCount>& counts)
      REQUIRES(reading_);

  Mutex labels_mutex_;
  std::optional<CounterLabels> labels_ GUARDED_BY(labels_mutex_);
  bool unread_ GUARDED_BY(labels_mutex_) = false;  ///< labels_ is newer than read_labels_
  Mutex reading_;
  /// A copy for readings, which take too long to hold labels_mutex_.
  std::optional<CounterLabels> read_labels_ GUARDED_BY(reading_);
  netlink::Socket socket_ GUARDED_BY(reading_);
  AllowedTotals allowed_ GUARDED_BY(reading_);
};

}  // namespace selvage::controller
