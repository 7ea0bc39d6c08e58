#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "k8s_client/watch/watcher.h"

namespace selvage::controller {

/// Logs the state of one resource's watch without repeating itself: why and since when it is stale, again when the
/// reason changes and once a minute, and when the watch runs again. Not thread-safe.
class WatchLog {
 public:
  /// Logs what is new at `now`.
  void note(k8s_client::Resource resource, const k8s_client::WatchHealth& health, Moment now);

 private:
  std::string logged_;           ///< the error that was logged last; empty: none since the watch ran
  Moment logged_at_;             ///< when
  std::optional<Moment> stale_;  ///< since when the watch is stale, as logged
};

}  // namespace selvage::controller
