#include "tests/telemetry/prometheus.h"

#include <zlib.h>

#include <catch2/catch.hpp>

#include "telemetry/endpoints.h"
#include "tests/support/netns.h"
#include "tests/support/shell.h"
#include "tests/telemetry/every_metric.h"
#include "tests/telemetry/served.h"

/// The server as Prometheus' own programs see it.
namespace selvage::telemetry {
namespace {

/// The daemon's metrics and health, served in a network namespace of the test's own.
struct Daemon {
  Daemon() {
    feed_everything(metrics, Clock::now());
    auto started = serve({local4(9467), local6(9467)}, metrics, health);
    if (!started) throw std::runtime_error(started.error().message);
    server = std::move(*started);
  }

  ScopedNetNs space;
  Metrics metrics{{"1.2.3", "abc"}, Clock::now(), packet_counts};
  Health health;
  std::unique_ptr<HttpServer> server;
};

std::string unpacked(const std::string& packed) {
  std::string text(1U << 20U, '\0');
  z_stream stream{};
  inflateInit2(&stream, 16 + MAX_WBITS);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int ended = inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return ended == Z_STREAM_END ? text : "";
}

TEST_CASE("promtool accepts the metrics page") {
  const k8s_client::TemporaryFolder folder;
  Metrics metrics({"1.2.3", "abc"}, kStart, packet_counts);
  feed_everything(metrics, kStart);
  folder.write("page", metrics.page(kStart));
  const ShellOutput checked = shell("promtool check metrics < " + folder.path("page"));
  CHECK(checked.text.empty());
  CHECK(checked.status == 0);
}

void check_values(const Prometheus& prometheus) {
  CHECK(prometheus.wait_for("up{job=\"selvage\"} == 1") == 1);
  const auto value = [&](const std::string& expression) { return prometheus.wait_for(expression); };
  CHECK(value("selvage_pending_changes") == 17);
  CHECK(value("selvage_sync_errors_total{errno=\"ENOSPC\"}") == 1);
  CHECK(value("selvage_sync_duration_seconds_sum") == Approx(0.043));
  CHECK(value("histogram_quantile(0.5, selvage_event_to_enforced_seconds_bucket)") == Approx(0.0075));
  CHECK(value("sum(selvage_objects)") == 126);
  CHECK(value("selvage_denied_packets_total{direction=\"egress\",namespace=\"prod\",pod=\"api-0\"}") == 3);
  CHECK(value("selvage_policy_allowed_bytes_total{policies=\"prod/a,prod/b\"}") == 64'000);
  CHECK(value("time() - selvage_last_success_timestamp_seconds > 120 and selvage_pending_changes > 0") > 120);
  CHECK(value("count(selvage_build_info{version=\"1.2.3\"})") == 1);
  CHECK(value("process_resident_memory_bytes") > 1e6);
}

TEST_CASE("Prometheus scrapes over IPv4 and reads the values back") {
  const Daemon daemon;
  check_values(Prometheus(local4(9467)));
}

TEST_CASE("Prometheus scrapes over IPv6 and reads the values back") {
  const Daemon daemon;
  check_values(Prometheus(local6(9467)));
}

TEST_CASE("Prometheus continues to scrape beside 200 hung clients") {
  const Daemon daemon;
  std::vector<UniqueFd> hanging;
  for (int i = 0; i < 200; ++i) {
    hanging.push_back(connect_to(local4(9467)));
    send_text(hanging.back(), "GET /metrics");
  }
  const Prometheus prometheus(local4(9467));
  // Ten scrapes without a failure.
  CHECK(prometheus.wait_for("count_over_time(up[1m]) >= 10 and min_over_time(up[1m]) == 1") >= 10);
}

TEST_CASE("the page is served as text, and compressed on request") {
  const Daemon daemon;
  const Answer plain = get(local4(9467), "/metrics");
  CHECK(plain.status == 200);
  CHECK(plain.has("Content-Type: text/plain; version=0.0.4; charset=utf-8"));
  CHECK(plain.body.find("\nselvage_pending_changes 17\n") != std::string::npos);
  const Answer packed = get(local4(9467), "/metrics", "Accept-Encoding: gzip\r\n");
  CHECK(packed.has("Content-Encoding: gzip"));
  CHECK(packed.body.size() < plain.body.size() / 4);
  CHECK(unpacked(packed.body).find("\nselvage_pending_changes 17\n") != std::string::npos);
}

TEST_CASE("probes are answered by the daemon's state") {
  Daemon daemon;
  CHECK(get(local4(9467), "/livez").body == "ok");
  CHECK(get(local4(9467), "/readyz").status == 503);
  daemon.health.set_committed();
  CHECK(get(local6(9467), "/readyz").body == "ok");
  daemon.health.loop_works(Clock::now() - std::chrono::minutes(5));
  CHECK(get(local4(9467), "/livez").status == 503);
  CHECK(get(local4(9467), "/readyz?verbose").body.find("[+]commit ok\n") == 0);
  CHECK(get(local4(9467), "/readyz?x=1&verbose=").body.find("readyz check passed\n") != std::string::npos);
  CHECK(get(local4(9467), "/readyz?verboses").body == "ok");
  CHECK(get(local4(9467), "/").status == 404);
  CHECK(get(local4(9467), "/metrics/").status == 404);
}

}  // namespace
}  // namespace selvage::telemetry
