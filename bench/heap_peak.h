#pragma once

#include <cstddef>

/// Counts memory of operator new. For single-threaded programs; linking it replaces operator new.
namespace selvage::bench {

/// Starts counting at zero.
void start_heap_count();
/// Stops counting. Returns the peak of bytes in use since the start.
[[nodiscard]] std::size_t stop_heap_count();

}  // namespace selvage::bench
