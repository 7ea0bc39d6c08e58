#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace selvage::controller {

/// When people are to be told that a node does not enforce what it should: once it has lasted, and now and then while
/// it goes on. A value; knows no clock.
class LastError {
 public:
  static constexpr std::chrono::seconds kPatience{10};
  static constexpr std::chrono::minutes kReminder{15};

  /// It is so at `now`. For how long it has been, where people are to be told.
  [[nodiscard]] std::optional<Clock::duration> lasts(Moment now) {
    if (!since_) since_ = now;
    const bool is_due = told_ ? *told_ + kReminder <= now : *since_ + kPatience <= now;
    if (!is_due) return std::nullopt;
    told_ = now;
    return now - *since_;
  }
  /// All is enforced.
  void ended() { *this = LastError(); }

 private:
  std::optional<Moment> since_;
  std::optional<Moment> told_;
};

}  // namespace selvage::controller
