#include "controller/agent/sync_reporter.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>

#include "controller/events/event_recorder.h"
#include "controller/output/counted.h"

namespace selvage::controller {
namespace {

/// More than a cluster has objects. Bounds the memory however long the kernel refuses.
constexpr std::size_t kMaxWaiting = 100'000;

/// PolicyLog logs the changes policy by policy; the sizes of transactions are for debugging.
void log_commit(const SyncReport& report, Clock::duration took) {
  const auto ms = std::chrono::duration<double, std::milli>(took).count();
  if (report.other_layout) spdlog::info("the tables had the layout of another version ({})", *report.other_layout);
  if (report.from_nothing && report.changed) spdlog::info("committed the difference to what was there ({:.1f} ms)", ms);
  if (report.from_nothing && !report.changed) spdlog::info("tables read back: nothing to change ({:.1f} ms)", ms);
  if (!report.changed) return;
  const nft::PlanSize& size = report.size;
  spdlog::debug("size of the commit: {}, {}, {}, {}, {} ({:.1f} ms)", counted(size.tables, "table"),
                counted(size.elements, "element"), counted(size.sets, "set"), counted(size.chains, "chain"),
                counted(size.rules, "rule"), ms);
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
    spdlog::error("commit failed, retrying: {}", error.message);
  } else if (!known) {
    spdlog::warn("waiting for the program that owns the tables to end; its policy stays in force: {}", error.message);
  }
  monitoring_.metrics.sync_failed(Clock::now() - begun, error.code);
  // No event waits for a repair.
  monitoring_.metrics.set_pending_changes(std::max<std::size_t>(waiting_.size(), 1));
  if (taken_) monitoring_.metrics.set_table_ownership(telemetry::TableOwnership::taken);
  monitoring_.health.set_refused({{error.message, error.code}});
  report_error({error.message, error.code}, "the previous policy stays in force");
}

void SyncReporter::left_out(const std::vector<telemetry::Refusal>& refused) {
  if (refused.empty()) return last_error_.ended();
  report_error(refused.front(),
               refused.size() == 1
                   ? "its traffic is denied, the rest is enforced"
                   : fmt::format("the traffic of {} parts is denied, the rest is enforced; one part", refused.size()));
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
    spdlog::info("nftables notifications were lost; comparing the tables");
    return;
  }
  spdlog::warn("{} changed the tables ({}: {}{}); restoring them",
               found.programs.empty() ? "another program" : fmt::format("{}", fmt::join(found.programs, ", ")),
               counted(found.changes, "change"), fmt::join(found.examples, ", "),
               found.changes > found.examples.size() ? ", ..." : "");
}

}  // namespace selvage::controller
