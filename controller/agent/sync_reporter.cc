#include "controller/agent/sync_reporter.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>

#include "controller/events/event_recorder.h"

namespace selvage::controller {
namespace {

/// More events than a cluster has objects; a kernel that refuses for a year costs no more memory than these.
constexpr std::size_t kMaxWaiting = 100'000;

void log_commit(const SyncReport& report, Clock::duration took) {
  const auto ms = std::chrono::duration<double, std::milli>(took).count();
  if (report.other_layout) spdlog::info("the tables were of another version ({})", *report.other_layout);
  if (!report.changed) {
    if (report.from_nothing) spdlog::info("tables read back: nothing to change ({:.1f} ms)", ms);
    return;
  }
  const nft::PlanSize& size = report.size;
  spdlog::info("committed {}: {} tables, {} elements, {} sets, {} chains, {} rules ({:.1f} ms)",
               report.from_nothing ? "the difference to what was there" : "a change", size.tables, size.elements,
               size.sets, size.chains, size.rules, ms);
}

}  // namespace

void SyncReporter::received(const Mailbox::Contents& mail) {
  const std::size_t room = waiting_.size() < kMaxWaiting ? kMaxWaiting - waiting_.size() : 0;
  const auto end = mail.received.begin() + static_cast<std::ptrdiff_t>(std::min(room, mail.received.size()));
  waiting_.insert(waiting_.end(), mail.received.begin(), end);
  monitoring_.metrics.set_pending_changes(waiting_.size());
}

void SyncReporter::succeeded(const SyncReport& report, Moment begun) {
  const Moment now = Clock::now();
  if (commits_) log_commit(report, now - begun);
  last_success_ = WallClock::now();
  monitoring_.metrics.sync_succeeded(now - begun, now, *last_success_);
  for (const Moment received : waiting_) monitoring_.metrics.event_enforced(now - received);
  waiting_.clear();
  monitoring_.metrics.set_pending_changes(0);
  monitoring_.health.set_committed();
  taken_ = false;
}

void SyncReporter::failed(const Error& error, Moment begun) {
  const bool known = taken_;
  taken_ = error.code == EPERM;
  if (!taken_) {
    spdlog::error("not committed, tried again soon: {}", error.message);
  } else if (!known) {
    spdlog::warn("waiting for the program that owns the tables to end; what it enforces stays: {}", error.message);
  }
  monitoring_.metrics.sync_failed(Clock::now() - begun, error.code);
  // A repair has no event that waits for it.
  monitoring_.metrics.set_pending_changes(std::max<std::size_t>(waiting_.size(), 1));
  if (taken_) monitoring_.metrics.set_table_ownership(telemetry::TableOwnership::taken);
  monitoring_.health.set_refused({{error.message, error.code}});
  report_error({error.message, error.code}, "what was enforced before stays");
}

void SyncReporter::left_out(const std::vector<telemetry::Refusal>& refused) {
  if (refused.empty()) return last_error_.ended();
  report_error(refused.front(), refused.size() == 1
                                    ? "the rest is enforced, and what it allows is denied"
                                    : fmt::format("{} parts of it are left out and closed, one", refused.size()));
}

void SyncReporter::report_error(const telemetry::Refusal& refusal, std::string_view meaning) {
  const auto lasted = last_error_.lasts(Clock::now());
  if (!lasted || monitoring_.events == nullptr) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*lasted).count();
  const std::string code = refusal.code == 0 ? "" : fmt::format(" (errno {})", refusal.code);
  monitoring_.events->not_enforced(fmt::format("the kernel has refused policy of this node for {} s{}; {}: {}", seconds,
                                               code, meaning, refusal.object));
}

void SyncReporter::interference(const nft::Interference& found) {
  monitoring_.metrics.count_interference(found.changes);
  if (found.changes == 0) {
    spdlog::info("notifications of nftables are missing; the tables are compared");
    return;
  }
  spdlog::warn("{} changed the tables ({} changes: {}{}); they are put right",
               found.programs.empty() ? "somebody" : fmt::format("{}", fmt::join(found.programs, ", ")), found.changes,
               fmt::join(found.examples, ", "), found.changes > found.examples.size() ? ", ..." : "");
}

}  // namespace selvage::controller
