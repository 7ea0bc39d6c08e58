#include "telemetry/process_stats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace selvage::telemetry {
namespace {

Result<std::string> contents_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || !text) return fail(path + " cannot be read; is /proc mounted?");
  return text.str();
}

Result<std::uint64_t> count_open_fds() {
  std::error_code error;
  std::filesystem::directory_iterator fds("/proc/self/fd", error);
  std::uint64_t count = 0;
  for (; !error && fds != std::filesystem::directory_iterator(); fds.increment(error)) ++count;
  if (error) return fail_errno("/proc/self/fd", error.value());
  // One of them is the open folder itself.
  return count - 1;
}

}  // namespace

std::optional<ProcessStats> parse_process_stat(std::string_view stat, double boot_seconds, const ProcUnits& units) {
  // The second field is the program's name in brackets, which may itself hold brackets and spaces.
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  std::istringstream rest{std::string(stat.substr(name_end + 1))};
  rest.imbue(std::locale::classic());
  std::string state;
  rest >> state;
  // Fields 4 to 24; some are negative.
  std::vector<std::int64_t> fields(21);
  for (std::int64_t& field : fields) rest >> field;
  if (!rest) return std::nullopt;
  const auto field = [&](std::size_t number) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(fields[number - 4], 0));
  };
  ProcessStats stats;
  stats.cpu_seconds = static_cast<double>(field(14) + field(15)) / units.ticks_per_second;
  stats.threads = field(20);
  stats.start_time_seconds = boot_seconds + static_cast<double>(field(22)) / units.ticks_per_second;
  stats.virtual_memory_bytes = field(23);
  stats.resident_memory_bytes = field(24) * units.page_bytes;
  return stats;
}

std::optional<double> parse_boot_seconds(std::string_view proc_stat) {
  std::istringstream words{std::string(proc_stat)};
  words.imbue(std::locale::classic());
  for (std::string word; words >> word;) {
    double seconds = 0;
    if (word == "btime" && words >> seconds) return seconds;
  }
  return std::nullopt;
}

Result<ProcessStats> read_process_stats() {
  const auto machine = contents_of("/proc/stat");
  if (!machine) return tl::unexpected(machine.error());
  const auto process = contents_of("/proc/self/stat");
  if (!process) return tl::unexpected(process.error());
  const auto boot = parse_boot_seconds(*machine);
  if (!boot) return fail("/proc/stat has no btime");
  const ProcUnits units{static_cast<double>(sysconf(_SC_CLK_TCK)), static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
  auto stats = parse_process_stat(*process, *boot, units);
  if (!stats) return fail("/proc/self/stat is malformed");
  const auto open = count_open_fds();
  if (!open) return tl::unexpected(open.error());
  stats->open_fds = *open;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) stats->max_fds = limit.rlim_cur;
  return *stats;
}

}  // namespace selvage::telemetry
