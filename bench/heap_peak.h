#pragma once

#include <cstddef>

/// Counts what operator new gives out. For programs of one thread; linking it replaces operator new.
namespace selvage::bench {

/// Starts to count from nothing.
void start_heap_count();
/// Stops counting. The most bytes that were in use at one time since the start.
[[nodiscard]] std::size_t stop_heap_count();

}  // namespace selvage::bench
