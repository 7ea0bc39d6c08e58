#pragma once

#include <chrono>

namespace selvage {

/// The clock that deadlines are measured by. Code that decides by time takes the moment as an
/// argument; only the outermost loop asks for it.
using Clock = std::chrono::steady_clock;
using Moment = Clock::time_point;

}  // namespace selvage
