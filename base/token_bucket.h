#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace selvage {

/// Limits a rate: `burst` tokens at once, and one more in each interval. A value; full at first.
class TokenBucket {
 public:
  /// Both at least 1.
  TokenBucket(unsigned per_second, unsigned burst)
      : TokenBucket(std::chrono::duration_cast<Clock::duration>(std::chrono::seconds(1)) / per_second, burst) {}
  /// One token in each `interval`.
  TokenBucket(Clock::duration interval, unsigned burst) : interval_(interval), burst_(burst) {}

  /// Takes a token. False: none is left. `now` never goes back.
  [[nodiscard]] bool take(Moment now) {
    full_at_ = std::max(full_at_, now);
    if (full_at_ + interval_ > now + interval_ * burst_) return false;
    full_at_ += interval_;
    return true;
  }

  /// Whether all tokens are there.
  [[nodiscard]] bool full(Moment now) const { return full_at_ <= now; }
  /// When the next token is there; may lie in the past.
  [[nodiscard]] Moment next() const { return full_at_ + interval_ - interval_ * burst_; }

 private:
  Clock::duration interval_;  ///< one token comes back in each
  unsigned burst_;
  Moment full_at_{};  ///< when all tokens are back
};

}  // namespace selvage
