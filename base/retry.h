#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "base/backoff.h"
#include "base/clock.h"

namespace selvage {

/// Schedules attempts until one succeeds: the first is due at once, each failure doubles the wait from 250 ms up to 5
/// s. A value; knows no clock.
class Retry {
 public:
  /// When the next attempt is due; nothing: none is needed, the last one succeeded.
  [[nodiscard]] std::optional<Moment> due() const { return due_; }
  /// An attempt succeeded. True: after a failure that `failed` reported.
  bool succeeded() {
    due_.reset();
    return std::exchange(reported_, false);
  }
  /// An attempt failed. True for the first failure in a row, the one to log.
  bool failed(Moment now) {
    due_ = now + backoff_.fail();
    return !std::exchange(reported_, true);
  }

 private:
  std::optional<Moment> due_ = Moment();
  Backoff backoff_{std::chrono::milliseconds(250), std::chrono::seconds(5)};
  bool reported_ = false;
};

}  // namespace selvage
