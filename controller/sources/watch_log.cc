#include "controller/sources/watch_log.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/spdlog.h>

#include <chrono>

namespace selvage::controller {
namespace {

constexpr std::chrono::minutes kReminder{1};

double seconds_between(Moment from, Moment to) { return std::chrono::duration<double>(to - from).count(); }

/// The time of day of a moment, as the log's own times are written.
std::string time_of(Moment moment, Moment now) {
  const auto ago = std::chrono::duration_cast<std::chrono::system_clock::duration>(now - moment);
  const auto time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() - ago);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

}  // namespace

void WatchLog::note(k8s_client::Resource resource, const k8s_client::WatchHealth& health, Moment now) {
  const std::string_view name = to_string(resource);
  if (!health.stale_since) {
    if (!told_.empty()) spdlog::info("{}: watched again after {:.1f} s", name, seconds_between(*stale_, now));
    told_.clear();
    return;
  }
  if (health.trouble.empty() || (health.trouble == told_ && now - told_at_ < kReminder)) return;
  told_ = health.trouble;
  told_at_ = now;
  stale_ = health.stale_since;
  spdlog::warn("{}: {}; blind since {} ({:.1f} s), {}", name, health.trouble, time_of(*stale_, now),
               seconds_between(*stale_, now),
               health.synced ? "what was known stays enforced" : "there is no first list yet");
}

}  // namespace selvage::controller
