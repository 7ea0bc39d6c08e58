#pragma once

#include <algorithm>
#include <chrono>

namespace selvage {

/// The wait before the next attempt: doubles with each failure from `first` up to `max`. A value; knows no clock.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds max) : first_(first), max_(max), next_(first) {}

  /// The wait after one more failure.
  [[nodiscard]] std::chrono::milliseconds fail() {
    const auto wait = next_;
    next_ = std::min(next_ * 2, max_);
    return wait;
  }
  /// After a success the next failure waits `first` again.
  void succeed() { next_ = first_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds max_;
  std::chrono::milliseconds next_;
};

}  // namespace selvage
