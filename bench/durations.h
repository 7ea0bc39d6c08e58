#pragma once

#include <chrono>

#include "base/clock.h"

/// Durations as numbers for figures and tables.
namespace selvage::bench {

inline double ms(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }
inline double nanoseconds(Clock::duration time) { return std::chrono::duration<double, std::nano>(time).count(); }

}  // namespace selvage::bench
