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

/// Reads what this node's tables have counted: packets denied to and from each local pod, dropped at the edge and by
/// `cut`, those that staged policies would deny, and with RenderOptions::policy_counters those that each policy
/// allowed. Thread-safe: `set_labels` and `update_labels` are for the thread that commits and never wait for the
/// kernel, `read` for the one that serves a scrape. Tied to the network namespace in which it was opened; needs
/// CAP_NET_ADMIN.
class PacketCounters {
 public:
  static Result<std::unique_ptr<PacketCounters>> open();

  /// Says whom the committed tables count for; after each commit that may have changed it.
  void set_labels(CounterLabels owners);
  /// The same by what is different to before; to be called after `set_labels`.
  void update_labels(const std::function<void(CounterLabels&)>& change);

  /// The counters now: one for each element that counts denied packets (a pod with two addresses has two), and one for
  /// each series of allowed ones. A dump of each set and chain that it needs, and of nothing else. The bridge table's
  /// drops belong to no direction. Before the first commit, and where the tables are not there, all is zero or absent.
  /// An error names what could not be read.
  Result<std::vector<telemetry::PacketCount>> read();

 private:
  using DeniedVisitor = std::function<void(policy::Direction, const IpAddress&, const nft::CounterValue&)>;

  explicit PacketCounters(netlink::Socket socket);
  [[nodiscard]] const std::optional<CounterLabels>& take_labels() REQUIRES(reading_);
  /// Visits each element of a table that counts denied packets by the local address.
  Result<void> for_each_denied(const nft::TableKey& table, const DeniedVisitor& visit) REQUIRES(reading_);
  Result<void> read_denied(const CounterLabels& owners, std::vector<telemetry::PacketCount>& counts) REQUIRES(reading_);
  Result<void> read_staged(const CounterLabels& owners, std::vector<telemetry::PacketCount>& counts) REQUIRES(reading_);
  Result<void> read_dropped(std::vector<telemetry::PacketCount>& counts) REQUIRES(reading_);
  Result<void> read_allowed(const CounterLabels& owners, std::vector<telemetry::PacketCount>& counts)
      REQUIRES(reading_);

  Mutex stream_;
  std::optional<CounterLabels> owners_ GUARDED_BY(stream_);
  bool unread_ GUARDED_BY(stream_) = false;  ///< owners_ is not what read_labels_ is
  Mutex reading_;
  std::optional<CounterLabels> read_labels_
      GUARDED_BY(reading_);  ///< as of the last reading, which takes too long to hold owners_ for
  netlink::Socket socket_ GUARDED_BY(reading_);
  AllowedTotals allowed_ GUARDED_BY(reading_);
};

}  // namespace selvage::controller
