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

/// What selvage_build_info says.
struct BuildInfo {
  std::string version;   ///< "0.1.0"
  std::string revision;  ///< of the source; may be empty: not known
};

/// Whose the tables are, as far as this process knows.
enum class TableOwnership : std::uint8_t {
  open,   ///< anybody may change them
  owned,  ///< by this process
  taken,  ///< by another one, which is waited for
};

/// What the daemon counts and measures, as Prometheus' metrics; docs/metrics.md has one entry for
/// each. All methods may be called from any thread at any time; none does any I/O but `page`.
///
/// Kinds of objects are the API's ("Pod", "Namespace", "NetworkPolicy"), resources are its plurals
/// ("pods", "namespaces", "networkpolicies"). Series of these are there from the start, at 0.
class Metrics {
 public:
  /// `started` is when the process began to work. `read_packets` may be empty: no packets are shown.
  Metrics(const BuildInfo& build, Moment started, ReadPacketCounts read_packets = {});
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  /// A sync ended well, its commit included: the kernel holds what is wanted. `wall` is the same
  /// moment as `now`.
  void sync_succeeded(Clock::duration took, Moment now, WallTime wall);
  /// A sync ended with that errno (Error::code; 0: no system error).
  void sync_failed(Clock::duration took, int code);
  /// One transaction took so long, from its first byte to the kernel's answer; refused ones too.
  void committed(Clock::duration took);
  /// Changes that the kernel does not hold yet.
  void set_pending_changes(std::size_t changes);
  /// An event that was received so long ago is enforced now.
  void event_enforced(Clock::duration since_receipt);

  /// Objects of a kind that count now.
  void set_objects(std::string_view kind, std::size_t count);
  /// An object, or a version of one, was refused by the decoder. `kind` may be empty: not known.
  void count_bad_object(std::string_view kind, std::size_t count = 1);
  /// Objects of the tables that the kernel refuses, and that are therefore closed; kinds as nft(8) calls them:
  /// "element", "set", "chain", "rule", "table".
  void set_refused_objects(std::string_view kind, std::size_t count);
  void set_isolated_pods(Direction direction, std::size_t pods);
  /// Addresses of this node's pods whose connections' packets are not judged each.
  void set_fastpath_addresses(std::size_t addresses);
  /// Classes of peers' addresses.
  void set_classes(std::size_t classes);
  /// Policies that deny nothing but are counted for.
  void set_staged_policies(std::size_t policies);
  /// Policies of a kind of another API, which are not enforced. `api_group` is "cilium.io", `kind`
  /// "CiliumNetworkPolicy".
  void set_unsupported_policies(std::string_view api_group, std::string_view kind, std::size_t policies);
  /// Elements of all sets and maps of one kind, such as "ports" or "peers".
  void set_elements(std::string_view set_kind, std::size_t elements);

  /// The watch of a resource had to start again, with a list or without.
  void count_watch_restart(std::string_view resource);
  /// Since when the watch of a resource sees nothing; nothing: it sees. Time before counts up to `now`.
  void set_stale(std::string_view resource, std::optional<Moment> since, Moment now);

  /// Others changed our tables: so many objects in them. 0: notifications were lost, anything may be.
  void count_interference(std::size_t changes);
  void set_table_ownership(TableOwnership ownership);
  /// The tables were compared with what should be there: so many objects differed.
  void self_checked(std::size_t divergent);
  /// The comparison could not be made.
  void self_check_failed();
  /// Denied packets that no line of the log tells, neither one by one nor in a sum.
  void count_denied_log_dropped(std::uint64_t packets);

  /// All of it in Prometheus' text format 0.0.4, UTF-8 whatever the labels hold. Reads the kernel's
  /// counters and /proc/self. Where a part cannot be read, it is missing and
  /// selvage_scrape_errors_total counts. From one thread at a time.
  [[nodiscard]] std::string page(Moment now);

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace selvage::telemetry
