#include "telemetry/metrics.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "base/utf8.h"
#include "tests/telemetry/every_metric.h"
#include "tests/telemetry/page.h"

namespace selvage::telemetry {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const BuildInfo kBuild{"1.2.3", "abc"};

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

PacketCount denied(const std::string& pod, std::uint64_t packets) {
  return {PacketVerdict::denied, Direction::ingress, "prod", pod, {}, packets, packets * 60};
}

TEST_CASE("reported values are on the page") {
  Metrics metrics(kBuild, kStart, packet_counts);
  feed_everything(metrics, kStart);
  const std::string page = metrics.page(kStart + seconds(10));
  const auto value = [&](const std::string& series) { return value_of(page, series); };
  CHECK(value("selvage_sync_duration_seconds_count") == 2);
  CHECK(value("selvage_sync_duration_seconds_sum") == Approx(0.043));
  CHECK(value("selvage_sync_duration_seconds_bucket{le=\"0.0025\"}") == 0);
  CHECK(value("selvage_sync_duration_seconds_bucket{le=\"0.005\"}") == 1);
  CHECK(value("selvage_commit_duration_seconds_count") == 1);
  CHECK(value("selvage_event_to_enforced_seconds_sum") == Approx(0.008));
  CHECK(value("selvage_sync_errors_total{errno=\"ENOSPC\"}") == 1);
  CHECK(value("selvage_pending_changes") == 17);
  CHECK(value("selvage_last_success_timestamp_seconds") == 1'700'000'000);
  CHECK(value("selvage_since_last_success_seconds") == 10);
  CHECK(value("selvage_objects{kind=\"Pod\"}") == 110);
  CHECK(value("selvage_bad_objects_total{kind=\"NetworkPolicy\"}") == 1);
  CHECK(value("selvage_refused_objects{kind=\"element\"}") == 1);
  CHECK(value("selvage_isolated_pods{direction=\"egress\"}") == 9);
  CHECK(value("selvage_fastpath_addresses") == 41);
  CHECK(value("selvage_classes") == 6);
  CHECK(value("selvage_set_elements{set=\"ports\"}") == 44);
  CHECK(value("selvage_watch_restarts_total{resource=\"pods\"}") == 1);
  CHECK(value("selvage_watch_stale_seconds_total{resource=\"pods\"}") == 40);
  CHECK(value("selvage_interference_total") == 1);
  CHECK(value("selvage_interference_changes_total") == 5);
  CHECK(value("selvage_table_ownership{state=\"owned\"}") == 1);
  CHECK(value("selvage_table_ownership{state=\"open\"}") == 0);
  CHECK(value("selvage_divergent_objects") == 2);
  CHECK(value("selvage_self_checks_total") == 1);
  CHECK(value("selvage_self_check_errors_total") == 1);
  CHECK(value("selvage_denied_log_dropped_packets_total") == 19);
}

TEST_CASE("packets and bytes are counted by verdict") {
  Metrics metrics(kBuild, kStart, packet_counts);
  const std::string page = metrics.page(kStart);
  const auto value = [&](const std::string& series) { return value_of(page, series); };
  CHECK(value(R"(selvage_denied_packets_total{direction="ingress",namespace="prod",pod="api-0"})") == 12);
  CHECK(value(R"(selvage_denied_bytes_total{direction="egress",namespace="prod",pod="api-0"})") == 180);
  CHECK(value(R"(selvage_unknown_endpoint_dropped_packets_total{direction="ingress"})") == 5);
  CHECK(value("selvage_cut_packets_total") == 7);
  CHECK(value(R"(selvage_policy_allowed_bytes_total{direction="ingress",policies="prod/a,prod/b"})") == 64'000);
}

TEST_CASE("counters of one pod make one series") {
  Metrics metrics(kBuild, kStart, [] { return std::vector{denied("api-0", 2), denied("api-0", 3)}; });
  const std::string page = metrics.page(kStart);
  CHECK(value_of(page, R"(selvage_denied_packets_total{direction="ingress",namespace="prod",pod="api-0"})") == 5);
}

TEST_CASE("names with any characters keep the page valid") {
  const std::string nasty = "a\"b\\c\nd\xff\xc3(";
  Metrics metrics(kBuild, kStart, [&] { return std::vector{denied(nasty, 1)}; });
  metrics.set_elements(nasty, 1);
  const std::string page = metrics.page(kStart);
  CHECK(is_utf8(page));
  const std::string escaped = "a\\\"b\\\\c\\nd\xef\xbf\xbd\xef\xbf\xbd(";
  CHECK(value_of(page, "selvage_set_elements{set=\"" + escaped + "\"}") == 1);
  CHECK(value_of(page,
                 R"(selvage_denied_packets_total{direction="ingress",namespace="prod",pod=")" + escaped + "\"}") == 1);
}

TEST_CASE("counts of names that become equal as valid UTF-8 are added up") {
  Metrics metrics(kBuild, kStart, [] { return std::vector{denied("\xfe", 2), denied("\xff", 3)}; });
  const std::string page = metrics.page(kStart);
  CHECK(value_of(page, "selvage_denied_packets_total{direction=\"ingress\",namespace=\"prod\",pod=\"\xef\xbf\xbd\"}") ==
        5);
}

TEST_CASE("unreadable counters leave the rest of the page intact") {
  Metrics metrics(kBuild, kStart, []() -> Result<std::vector<PacketCount>> { return fail("no", EPERM); });
  metrics.set_classes(3);
  CHECK(value_of(metrics.page(kStart), "selvage_scrape_errors_total{part=\"packets\"}") == 1);
  const std::string page = metrics.page(kStart);
  CHECK(value_of(page, "selvage_scrape_errors_total{part=\"packets\"}") == 2);
  CHECK(value_of(page, "selvage_classes") == 3);
  CHECK(families_of(page).count("selvage_denied_packets_total") == 0);
}

TEST_CASE("series exist at 0 from the start, so that rates include the first event") {
  Metrics metrics(kBuild, kStart);
  const std::string page = metrics.page(kStart + seconds(5));
  CHECK(value_of(page, "selvage_bad_objects_total{kind=\"Pod\"}") == 0);
  CHECK(value_of(page, "selvage_watch_restarts_total{resource=\"networkpolicies\"}") == 0);
  CHECK(value_of(page, "selvage_watch_stale_seconds_total{resource=\"namespaces\"}") == 0);
  CHECK(value_of(page, "selvage_last_success_timestamp_seconds") == 0);
  CHECK(value_of(page, "selvage_since_last_success_seconds") == 5);
}

TEST_CASE("errors are labelled with the names of <errno.h>") {
  Metrics metrics(kBuild, kStart);
  for (const int code : {0, ENOBUFS, 4000}) metrics.sync_failed(milliseconds(1), code);
  const std::string page = metrics.page(kStart);
  CHECK(value_of(page, "selvage_sync_errors_total{errno=\"none\"}") == 1);
  CHECK(value_of(page, "selvage_sync_errors_total{errno=\"ENOBUFS\"}") == 1);
  CHECK(value_of(page, "selvage_sync_errors_total{errno=\"unknown\"}") == 1);
}

TEST_CASE("a bad object without a kind is counted") {
  Metrics metrics(kBuild, kStart);
  metrics.count_bad_object("", 2);
  CHECK(value_of(metrics.page(kStart), "selvage_bad_objects_total{kind=\"unknown\"}") == 2);
}

TEST_CASE("stale time adds up and never decreases") {
  Metrics metrics(kBuild, kStart);
  const auto stale_at = [&](int second) {
    return value_of(metrics.page(kStart + seconds(second)), "selvage_watch_stale_seconds_total{resource=\"pods\"}");
  };
  const auto tell = [&](std::optional<int> since, int now) {
    const auto moment = [](int second) { return kStart + seconds(second); };
    metrics.set_stale("pods", since ? std::optional(moment(*since)) : std::nullopt, moment(now));
  };
  tell(10, 12);
  CHECK(stale_at(15) == 5);
  tell(11, 16);  // a later start of the same stale time changes nothing
  CHECK(stale_at(20) == 10);
  tell(std::nullopt, 20);
  tell(std::nullopt, 25);
  CHECK(stale_at(30) == 10);
  tell(18, 30);  // 18 to 20 is counted already
  CHECK(stale_at(30) == 20);
  tell(std::nullopt, 30);
  CHECK(stale_at(40) == 20);
}

TEST_CASE("the page has build information and the process's resources") {
  Metrics metrics(kBuild, kStart);
  const std::string page = metrics.page(kStart);
  CHECK(page.find("version=\"1.2.3\"") != std::string::npos);
  CHECK(page.find("revision=\"abc\"") != std::string::npos);
  CHECK(value_of(page, "process_resident_memory_bytes") > 1'000'000);
  CHECK(value_of(page, "process_virtual_memory_bytes") > value_of(page, "process_resident_memory_bytes"));
  CHECK(value_of(page, "process_open_fds") >= 3);
  CHECK(value_of(page, "process_max_fds") > value_of(page, "process_open_fds"));
  CHECK(value_of(page, "process_threads") >= 1);
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  CHECK(value_of(page, "process_start_time_seconds") < now);
  CHECK(value_of(page, "process_start_time_seconds") > now - 86'400);
}

TEST_CASE("a build without a revision is labelled as unknown") {
  Metrics metrics({"1.2.3", ""}, kStart);
  CHECK(metrics.page(kStart).find("revision=\"unknown\"") != std::string::npos);
}

TEST_CASE("many threads report values while pages are made") {
  Metrics metrics(kBuild, kStart, packet_counts);
  constexpr int kRounds = 200;
  std::atomic<int> running = 3;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) feed_everything(metrics, kStart);
      --running;
    });
  }
  while (running > 0) CHECK(!metrics.page(kStart).empty());
  for (std::thread& thread : threads) thread.join();
  CHECK(value_of(metrics.page(kStart), "selvage_sync_duration_seconds_count") == 3 * 2 * kRounds);
}

}  // namespace
}  // namespace selvage::telemetry
