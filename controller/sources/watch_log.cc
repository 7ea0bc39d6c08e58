#include "controller/sources/watch_log.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "base/wall_time.h"

namespace selvage::controller {
namespace {

constexpr std::chrono::minutes kReminder{1};

double seconds_between(Moment from, Moment to) { return std::chrono::duration<double>(to - from).count(); }

/// Date and time of a moment, in the log's own format.
std::string time_of(Moment moment, Moment now) {
  const auto ago = std::chrono::duration_cast<WallClock::duration>(now - moment);
  const auto time = WallClock::to_time_t(WallClock::now() - ago);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

}  // namespace

void WatchLog::note(k8s_client::Resource resource, const k8s_client::WatchHealth& health, Moment now) {
  const std::string_view name = row_of(resource).name;
  if (!health.stale_since) {
    if (!logged_.empty()) spdlog::info("{}: watched again after {:.1f} s", name, seconds_between(*stale_, now));
    logged_.clear();
    return;
  }
  if (health.last_error.empty() || (health.last_error == logged_ && now - logged_at_ < kReminder)) return;
  logged_ = health.last_error;
  logged_at_ = now;
  stale_ = health.stale_since;
  spdlog::warn("{}: {}; stale since {} ({:.1f} s), {}", name, health.last_error, time_of(*stale_, now),
               seconds_between(*stale_, now), health.synced ? "known objects stay enforced" : "no first list yet");
}

}  // namespace selvage::controller
