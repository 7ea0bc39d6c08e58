#pragma once

#include <algorithm>
#include <chrono>

namespace selvage {

/// How long to wait before trying again: doubles with each failure from `first` up to `most`.
/// A value; knows no clock.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most) : first_(first), most_(most), next_(first) {}

  /// The wait after one more failure.
  [[nodiscard]] std::chrono::milliseconds fail() {
    const auto wait = next_;
    next_ = std::min(next_ * 2, most_);
    return wait;
  }
  /// It worked: the next failure waits `first` again.
  void succeed() { next_ = first_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds most_;
  std::chrono::milliseconds next_;
};

}  // namespace selvage
