#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace selvage::soak {

/// Resources of a process at one moment.
struct Usage {
  double rss_kib = 0;  ///< VmRSS of /proc/PID/status
  double fds = 0;      ///< open file descriptors
};

[[nodiscard]] Result<Usage> usage_of(int pid);

/// The compared medians: resources after the warm-up, and at the end.
struct Growth {
  Usage early;
  Usage late;
  std::string complaint;  ///< empty: flat
};

/// Whether samples at equal intervals are flat. The first quarter is the warm-up; of the rest, the median of the first
/// third is compared with that of the last. Descriptors must be equal. Memory may grow by 2 percent and 7 MiB: the
/// number of objects is constant, but tens of thousands of cut connections come and go, for minutes, when another
/// program has opened the tables. A leak of 500 bytes for each event exceeds that within an hour.
[[nodiscard]] Growth growth(const std::vector<Usage>& samples);

}  // namespace selvage::soak
