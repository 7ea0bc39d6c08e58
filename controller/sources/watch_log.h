#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "k8s_client/watch/watcher.h"

namespace selvage::controller {

/// Tells people how the watch of one resource goes, without repeating itself: why and since when it is
/// blind, again when the reason changes and once a minute, and when it sees again. Not thread-safe.
class WatchLog {
 public:
  /// Logs to spdlog's default logger what is new at `now`.
  void note(k8s_client::Resource resource, const k8s_client::WatchHealth& health, Moment now);

 private:
  std::string told_;             ///< the trouble that was logged last; empty: none since it saw
  Moment told_at_;               ///< when
  std::optional<Moment> stale_;  ///< since when, as logged
};

}  // namespace selvage::controller
