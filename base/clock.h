#pragma once

#include <chrono>

namespace selvage {

/// The clock that deadlines are measured by. Code that depends on the time takes it as an
/// argument; only the outermost loop reads the clock.
using Clock = std::chrono::steady_clock;
using Moment = Clock::time_point;

}  // namespace selvage
