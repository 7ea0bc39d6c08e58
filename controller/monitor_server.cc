#include "controller/monitor_server.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstRetry = 250ms;
constexpr auto kLongestRetry = 5s;

}  // namespace

MonitorServer::MonitorServer(std::vector<telemetry::HttpAddress> addresses, const Monitoring& monitoring)
    : addresses_(std::move(addresses)), monitoring_(monitoring), backoff_(kFirstRetry, kLongestRetry) {}

void MonitorServer::start(Moment now) {
  auto server = telemetry::serve(addresses_, monitoring_.metrics, monitoring_.health);
  if (!server) {
    if (!std::exchange(told_, true)) spdlog::error("no metrics and no health for now: {}", server.error().message);
    retry_ = now + backoff_.fail();
    return;
  }
  server_ = std::move(*server);
  retry_.reset();
  for (const auto& address : server_->addresses()) {
    spdlog::info("metrics and health at http://{}/metrics, /livez, /readyz", telemetry::to_string(address));
  }
}

}  // namespace selvage::controller
