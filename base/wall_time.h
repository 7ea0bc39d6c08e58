#pragma once

#include <chrono>

namespace selvage {

/// The time of day, for what leaves the process: logs, metrics, Events. It may jump; measure with base/clock.h.
using WallClock = std::chrono::system_clock;
using WallTime = WallClock::time_point;

}  // namespace selvage
