#include "bench/cold_caches.h"

#include <cstddef>
#include <vector>

namespace selvage::bench {
namespace {

constexpr std::size_t kBytes = std::size_t{256} << 20U;  ///< more than any processor's cache
constexpr std::size_t kLine = 64;

}  // namespace

void empty_caches() {
  std::vector<unsigned char> other(kBytes);  // freed at the end: the memory of the process is measured, too
  for (std::size_t at = 0; at < other.size(); at += kLine) ++other[at];
}

}  // namespace selvage::bench
