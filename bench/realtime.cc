#include "bench/realtime.h"

#include <pthread.h>
#include <sched.h>

#include <thread>

namespace selvage::bench {

void become_realtime() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(std::thread::hardware_concurrency() - 1, &cores);
  pthread_setaffinity_np(pthread_self(), sizeof(cores), &cores);
  const sched_param first{1};
  pthread_setschedparam(pthread_self(), SCHED_FIFO, &first);
}

}  // namespace selvage::bench
