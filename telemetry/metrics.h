#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/wall_time.h"
#include "telemetry/packet_count.h"

namespace selvage::telemetry {

/// The labels of selvage_build_info.
struct BuildInfo {
  std::string version;   ///< "0.1.0"
  std::string revision;  ///< of the source; empty: unknown
};

/// Who owns the tables, as far as this process knows.
enum class TableOwnership : std::uint8_t {
  open,   ///< no one: any program may change them
  owned,  ///< this process
  taken,  ///< another process, for which this one waits
};

/// The daemon's Prometheus metrics; docs/metrics.md describes each. All methods may be called from any thread at any
/// time; only `page` does I/O.
///
/// Kinds of objects are the API's ("Pod", "Namespace", "NetworkPolicy"), resources are its plurals
/// ("pods", "namespaces", "networkpolicies"). Their series exist from the start, at 0.
class Metrics {
 public:
  /// `started` is the start of the process. `read_packets` may be empty: no packets are counted.
  Metrics(const BuildInfo& build, Moment started, ReadPacketCounts read_packets = {});
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  /// A sync and its commit succeeded: the kernel holds the desired tables. `wall` is the same moment as `now`.
  void sync_succeeded(Clock::duration took, Moment now, WallTime wall);
  /// A sync failed with an errno (Error::code; 0: no system error).
  void sync_failed(Clock::duration took, int code);
  /// The duration of one transaction, from its first byte to the kernel's answer; rejected ones too.
  void committed(Clock::duration took);
  /// Changes that are not committed yet.
  void set_pending_changes(std::size_t changes);
  /// An event is now enforced, this long after its receipt.
  void event_enforced(Clock::duration since_receipt);

  /// Known objects of a kind.
  void set_objects(std::string_view kind, std::size_t count);
  /// The decoder rejected an object or a version of one. `kind` may be empty: unknown.
  void count_bad_object(std::string_view kind, std::size_t count = 1);
  /// Objects of the tables that the kernel rejects and whose fail-closed fallback is in place; kinds as in nft(8):
  /// "element", "set", "chain", "rule", "table".
  void set_refused_objects(std::string_view kind, std::size_t count);
  void set_isolated_pods(Direction direction, std::size_t pods);
  /// Addresses of this node's pods whose established connections take the fast path.
  void set_fastpath_addresses(std::size_t addresses);
  /// Classes of peer addresses.
  void set_classes(std::size_t classes);
  /// Staged policies, which deny nothing.
  void set_staged_policies(std::size_t policies);
  /// Policies of a kind of another API, which are not enforced. `api_group` is "cilium.io", `kind`
  /// "CiliumNetworkPolicy".
  void set_unsupported_policies(std::string_view api_group, std::string_view kind, std::size_t policies);
  /// Elements of all sets and maps of one kind, such as "ports" or "peers".
  void set_elements(std::string_view set_kind, std::size_t elements);

  /// The watch of a resource was restarted, with a list or without.
  void count_watch_restart(std::string_view resource);
  /// When the watch of a resource last confirmed its state; nothing: it is up to date. Stale time counts up to `now`.
  void set_stale(std::string_view resource, std::optional<Moment> since, Moment now);

  /// Other programs changed this number of objects of the tables. 0: notifications were lost, so any may have changed.
  void count_interference(std::size_t changes);
  void set_table_ownership(TableOwnership ownership);
  /// A self-check compared the tables with the desired ones; the number of differing objects.
  void self_checked(std::size_t divergent);
  /// A self-check failed.
  void self_check_failed();
  /// Denied packets that appear in no line of the log, neither one by one nor in a sum.
  void count_denied_log_dropped(std::uint64_t packets);

  /// All metrics in Prometheus' text format 0.0.4, valid UTF-8 whatever the labels hold. Reads the kernel's counters
  /// and /proc/self. A part that cannot be read is left out and counted in selvage_scrape_errors_total. From one thread
  /// at a time.
  [[nodiscard]] std::string page(Moment now);

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace selvage::telemetry
