#include "bench/heap_peak.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace selvage::bench {
namespace {

bool g_counting = false;
std::size_t g_used = 0;
std::size_t g_peak = 0;

}  // namespace

void start_heap_count() {
  g_counting = true;
  g_used = 0;
  g_peak = 0;
}

std::size_t stop_heap_count() {
  g_counting = false;
  return g_peak;
}

}  // namespace selvage::bench

void* operator new(std::size_t size) {
  using namespace selvage::bench;  // NOLINT(google-build-using-namespace): one function
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  if (g_counting) {
    g_used += malloc_usable_size(memory);
    g_peak = std::max(g_peak, g_used);
  }
  return memory;
}

void operator delete(void* memory) noexcept {
  using namespace selvage::bench;  // NOLINT(google-build-using-namespace): one function
  if (g_counting) g_used -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept { ::operator delete(memory); }
