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

/// Tells log, metrics, probes and Events how an agent's syncs go. Not thread-safe.
class SyncReporter {
 public:
  /// `commits` false: nothing is committed (a dry run), so no line says that it was.
  SyncReporter(const Monitoring& monitoring, bool commits) : monitoring_(monitoring), commits_(commits) {}

  /// These events wait to be enforced.
  void received(const Mailbox::Contents& mail);
  /// A sync that began then ended well.
  void succeeded(const SyncReport& report, Moment begun);
  /// A sync that began then ended with an error. Another owner of the tables, an old agent in a rolling update as a
  /// rule, is told of once, however long he lives.
  void failed(const Error& error, Moment begun);
  /// What the kernel refuses while it takes the rest; to be called after `succeeded`.
  void left_out(const std::vector<telemetry::Refusal>& refused);
  /// Others changed the tables.
  void interference(const nft::Interference& found);

  /// When the last sync ended well, if one did.
  [[nodiscard]] std::optional<WallTime> last_success() const { return last_success_; }
  /// Events that are not enforced yet.
  [[nodiscard]] std::size_t pending() const { return waiting_.size(); }
  /// Whether another program owns the tables, as the last sync found.
  [[nodiscard]] bool tables_are_taken() const { return taken_; }

 private:
  /// `meaning`: what it means for what is enforced.
  void report_error(const telemetry::Refusal& refusal, std::string_view meaning);

  Monitoring monitoring_;
  bool commits_;
  bool taken_ = false;
  LastError last_error_;
  std::optional<WallTime> last_success_;
  std::vector<Moment> waiting_;  ///< when the events that are not enforced yet were received
};

}  // namespace selvage::controller
