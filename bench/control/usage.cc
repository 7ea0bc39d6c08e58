#include "bench/control/usage.h"

#include <sys/resource.h>

#include <ctime>
#include <fstream>

namespace selvage::bench {
namespace {

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

rusage usage_of(int who) {
  rusage usage{};
  getrusage(who, &usage);
  return usage;
}

}  // namespace

CpuTime CpuTime::now() {
  CpuTime time;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    const rusage usage = usage_of(who);
    time.user_ms += milliseconds(usage.ru_utime);
    time.system_ms += milliseconds(usage.ru_stime);
  }
  return time;
}

double thread_cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

PeakMemory PeakMemory::now() {
  constexpr double kKibInMib = 1024;
  return {static_cast<double>(usage_of(RUSAGE_SELF).ru_maxrss) / kKibInMib,
          static_cast<double>(usage_of(RUSAGE_CHILDREN).ru_maxrss) / kKibInMib};
}

void PeakMemory::forget_own() { std::ofstream("/proc/self/clear_refs") << 5; }

}  // namespace selvage::bench
