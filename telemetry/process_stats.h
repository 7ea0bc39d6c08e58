#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace selvage::telemetry {

/// What a process uses, in Prometheus' units: seconds and bytes.
struct ProcessStats {
  double cpu_seconds = 0;         ///< user and system, all threads
  double start_time_seconds = 0;  ///< since 1970
  std::uint64_t virtual_memory_bytes = 0;
  std::uint64_t resident_memory_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

/// Units in which /proc/PID/stat counts.
struct ProcUnits {
  double ticks_per_second = 100;
  std::uint64_t page_bytes = 4096;
};

/// The fields of /proc/PID/stat (proc(5)), whatever the name of the program in it is. `boot_seconds`
/// is btime of /proc/stat. The file descriptors stay 0. Nothing: `stat` is no such line.
[[nodiscard]] std::optional<ProcessStats> parse_process_stat(std::string_view stat, double boot_seconds,
                                                             const ProcUnits& units);

/// btime of /proc/stat: when the machine started, in seconds since 1970.
[[nodiscard]] std::optional<double> parse_boot_seconds(std::string_view proc_stat);

/// Those of this process, from /proc.
Result<ProcessStats> read_process_stats();

}  // namespace selvage::telemetry
