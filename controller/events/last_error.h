#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace selvage::controller {

/// Decides when to report that a node does not enforce all policies: when that has lasted for a while, and again from
/// time to time. A value; knows no clock.
class LastError {
 public:
  static constexpr std::chrono::seconds kPatience{10};
  static constexpr std::chrono::minutes kReminder{15};

  /// The error exists at `now`. Returns how long it has lasted, if it is to be reported.
  [[nodiscard]] std::optional<Clock::duration> lasts(Moment now) {
    if (!since_) since_ = now;
    const bool is_due = reported_ ? *reported_ + kReminder <= now : *since_ + kPatience <= now;
    if (!is_due) return std::nullopt;
    reported_ = now;
    return now - *since_;
  }
  /// The error is over.
  void ended() { *this = LastError(); }

 private:
  std::optional<Moment> since_;
  std::optional<Moment> reported_;
};

}  // namespace selvage::controller
