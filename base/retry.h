#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "base/backoff.h"
#include "base/clock.h"

namespace selvage::controller {

/// Something that the agent can do without for a while, and tries to get until it does: at once, and after failures
/// with a distance that doubles from a quarter of a second to five seconds. Knows no clock.
class Retry {
 public:
  /// When to try; never: it is there.
  [[nodiscard]] std::optional<Moment> due() const { return due_; }
  /// It worked. True: it had failed before.
  bool succeeded() {
    due_.reset();
    return std::exchange(told_, false);
  }
  /// It failed. True: for the first time in a row, so that people should be told.
  bool failed(Moment now) {
    due_ = now + backoff_.fail();
    return !std::exchange(told_, true);
  }

 private:
  std::optional<Moment> due_ = Moment();
  Backoff backoff_{std::chrono::milliseconds(250), std::chrono::seconds(5)};
  bool told_ = false;
};

}  // namespace selvage::controller
