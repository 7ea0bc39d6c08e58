#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace selvage::soak {

/// What a process has in use at one moment.
struct Usage {
  double rss_kib = 0;  ///< VmRSS of /proc/PID/status
  double fds = 0;      ///< open file descriptors
};

[[nodiscard]] Result<Usage> usage_of(int pid);

/// The medians that are compared: what the process has in use after it is warm, and in the end.
struct Growth {
  Usage early;
  Usage late;
  std::string complaint;  ///< empty: flat
};

/// Whether samples that were taken at equal distances are flat. The first quarter is warming up; of the rest the median
/// of the first third is compared with that of the last. Descriptors must be equal. Memory may grow by 2 percent and
/// 7 MiB: the objects stay as many, but connections that are cut come and go by tens of thousands, for minutes, where
/// somebody opened the tables meanwhile. A leak of 500 bytes an event is above that within an hour.
[[nodiscard]] Growth growth(const std::vector<Usage>& samples);

}  // namespace selvage::soak
