#pragma once

#include <chrono>

namespace selvage::bench {

/// CPU time of this process, and of the children that it has waited for, so far.
struct CpuTime {
  double user_ms = 0;
  double system_ms = 0;

  [[nodiscard]] static CpuTime now();
  [[nodiscard]] CpuTime since(const CpuTime& before) const {
    return {user_ms - before.user_ms, system_ms - before.system_ms};
  }
};

/// CPU time of this thread, which the kernel counts to the nanosecond, in ms.
[[nodiscard]] double thread_cpu_ms();

/// Peak memory of this process (VmHWM), and of the largest of its children, in MiB.
struct PeakMemory {
  double own = 0;
  double child = 0;

  [[nodiscard]] static PeakMemory now();
  /// Forgets the peak of this process, not those of its children (clear_refs in proc_pid_clear_refs(5)).
  static void forget_own();
};

}  // namespace selvage::bench
