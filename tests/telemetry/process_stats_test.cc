#include "telemetry/process_stats.h"

#include <catch2/catch.hpp>

namespace selvage::telemetry {
namespace {

constexpr std::string_view kRest =
    " S 1 2 3 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 7 0 3000 123456 42 18446744073709551615 1 1 0 0";

TEST_CASE("/proc/PID/stat is parsed whatever the program's name") {
  for (const std::string name : {"selvage", "a) S 9 9 9 9 (b", "\n"}) {
    const auto stats = parse_process_stat("12 (" + name + ")" + std::string(kRest), 1000, {100, 4096});
    REQUIRE(stats);
    CHECK(stats->cpu_seconds == 3);
    CHECK(stats->threads == 7);
    CHECK(stats->start_time_seconds == 1030);
    CHECK(stats->virtual_memory_bytes == 123456);
    CHECK(stats->resident_memory_bytes == 42 * 4096);
  }
}

TEST_CASE("a truncated line is rejected") {
  CHECK(!parse_process_stat("", 0, {}));
  CHECK(!parse_process_stat("12 (selvage", 0, {}));
  CHECK(!parse_process_stat("12 (selvage) S 1 2 3", 0, {}));
  CHECK(!parse_process_stat("12 (selvage) S 1 2 x 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 7 0 3000 1 42", 0, {}));
}

TEST_CASE("the boot time is found in /proc/stat") {
  CHECK(parse_boot_seconds("cpu  1 2 3\nintr 5\nbtime 1700000000\nprocesses 9\n") == 1'700'000'000);
  CHECK(!parse_boot_seconds("cpu 1 2 3\n"));
}

TEST_CASE("the resources of this process are read") {
  const auto stats = read_process_stats();
  REQUIRE(stats);
  CHECK(stats->open_fds >= 3);
}

}  // namespace
}  // namespace selvage::telemetry
