#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace selvage {

/// Lets a few things happen at once, and so many a second in the long run. A value; full at first.
class TokenBucket {
 public:
  /// Both at least 1.
  TokenBucket(unsigned per_second, unsigned burst)
      : TokenBucket(std::chrono::duration_cast<Clock::duration>(std::chrono::seconds(1)) / per_second, burst) {}
  /// One in each `interval` in the long run.
  TokenBucket(Clock::duration interval, unsigned burst) : interval_(interval), burst_(burst) {}

  /// True: it may happen, and one token less is left. `now` never goes back.
  [[nodiscard]] bool take(Moment now) {
    full_at_ = std::max(full_at_, now);
    if (full_at_ + interval_ > now + interval_ * burst_) return false;
    full_at_ += interval_;
    return true;
  }

  /// Whether none is missing.
  [[nodiscard]] bool full(Moment now) const { return full_at_ <= now; }
  /// When there is a token; not before the last `take`.
  [[nodiscard]] Moment next() const { return full_at_ + interval_ - interval_ * burst_; }

 private:
  Clock::duration interval_;  ///< in which one token comes back
  unsigned burst_;
  Moment full_at_{};  ///< when all tokens are there again
};

}  // namespace selvage
