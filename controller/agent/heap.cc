#include "controller/agent/heap.h"

#include <malloc.h>

namespace selvage::controller {

void share_one_heap() {
#ifdef __GLIBC__
  // NOLINTNEXTLINE(concurrency-mt-unsafe): called before other threads exist
  mallopt(M_ARENA_MAX, 1);
#endif
}

void give_back_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace selvage::controller
