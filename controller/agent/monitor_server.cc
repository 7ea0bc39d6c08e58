#include "controller/agent/monitor_server.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace selvage::controller {

MonitorServer::MonitorServer(std::vector<telemetry::HttpAddress> addresses, const Monitoring& monitoring)
    : addresses_(std::move(addresses)), monitoring_(monitoring) {}

void MonitorServer::start(Moment now) {
  auto server = telemetry::serve(addresses_, monitoring_.metrics, monitoring_.health);
  if (!server) {
    if (retry_.failed(now)) spdlog::error("metrics and health are not served, retrying: {}", server.error().message);
    return;
  }
  server_ = std::move(*server);
  retry_.succeeded();
  for (const auto& address : server_->addresses()) {
    spdlog::info("metrics and health at http://{}/metrics, /livez, /readyz", telemetry::to_string(address));
  }
}

}  // namespace selvage::controller
