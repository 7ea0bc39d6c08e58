#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "controller/events/last_error.h"
#include "controller/events/monitoring.h"
#include "controller/sources/mailbox.h"
#include "controller/sync/reconciler.h"
#include "nft/kernel/ruleset_monitor.h"

namespace selvage::controller {

/// Reports an agent's syncs to log, metrics, probes and Events. Not thread-safe.
class SyncReporter {
 public:
  /// `commits` false: a dry run, whose syncs are not logged as commits.
  SyncReporter(const Monitoring& monitoring, bool commits) : monitoring_(monitoring), commits_(commits) {}

  /// Events were received and wait to be enforced.
  void received(const Mailbox::Contents& mail);
  /// A sync that began at `begun` succeeded.
  void succeeded(const SyncReport& report, Moment begun);
  /// A sync that began at `begun` failed. Another owner of the tables, usually the old agent in a rolling update, is
  /// logged once.
  void failed(const Error& error, Moment begun);
  /// The parts that the kernel refused while it accepted the rest. Call it after `succeeded`.
  void left_out(const std::vector<telemetry::Refusal>& refused);
  /// Other programs changed the tables.
  void interference(const nft::Interference& found);

  /// The last success, if any.
  [[nodiscard]] std::optional<WallTime> last_success() const { return last_success_; }
  /// The number of events that are not enforced yet.
  [[nodiscard]] std::size_t pending() const { return waiting_.size(); }
  /// Whether another program owned the tables at the last sync.
  [[nodiscard]] bool tables_are_taken() const { return taken_; }

 private:
  /// `meaning`: the consequence for enforcement.
  void report_error(const telemetry::Refusal& refusal, std::string_view meaning);

  Monitoring monitoring_;
  bool commits_;
  bool taken_ = false;
  LastError last_error_;
  std::optional<WallTime> last_success_;
  std::vector<Moment> waiting_;  ///< times of receipt of events that are not enforced yet
};

}  // namespace selvage::controller
