#pragma once

#include <algorithm>
#include <optional>

#include "base/clock.h"

namespace selvage::telemetry {

/// Adds up how long something was stale. A value without a clock of its own. Not thread-safe.
class StaleTime {
 public:
  /// Stale since a moment (time already counted is not counted again); nothing: up to date.
  void set(std::optional<Moment> since, Moment now) {
    if (since && !since_) since_ = std::max(*since, ended_);
    if (!since && since_) {
      before_ = total(now);
      ended_ = std::max(now, *since_);
      since_.reset();
    }
  }

  /// The total up to `now`; never decreases.
  [[nodiscard]] Clock::duration total(Moment now) const {
    return before_ + (since_ ? std::max(now - *since_, Clock::duration{0}) : Clock::duration{0});
  }

 private:
  Clock::duration before_{0};
  std::optional<Moment> since_;
  Moment ended_ = Moment::min();
};

}  // namespace selvage::telemetry
