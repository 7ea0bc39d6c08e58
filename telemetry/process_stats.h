#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace selvage::telemetry {

/// Resources of a process, in Prometheus' units: seconds and bytes.
struct ProcessStats {
  double cpu_seconds = 0;         ///< user and system, all threads
  double start_time_seconds = 0;  ///< since 1970
  std::uint64_t virtual_memory_bytes = 0;
  std::uint64_t resident_memory_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

/// Units of /proc/PID/stat.
struct ProcUnits {
  double ticks_per_second = 100;
  std::uint64_t page_bytes = 4096;
};

/// Parses /proc/PID/stat (proc(5)); the program's name in it may hold any characters. `boot_seconds` is btime of
/// /proc/stat. The file descriptors stay 0. Nothing: `stat` is malformed.
[[nodiscard]] std::optional<ProcessStats> parse_process_stat(std::string_view stat, double boot_seconds,
                                                             const ProcUnits& units);

/// btime of /proc/stat: the start of the machine, in seconds since 1970.
[[nodiscard]] std::optional<double> parse_boot_seconds(std::string_view proc_stat);

/// The resources of this process, from /proc.
Result<ProcessStats> read_process_stats();

}  // namespace selvage::telemetry
