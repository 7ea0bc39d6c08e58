#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/retry.h"
#include "controller/events/monitoring.h"
#include "telemetry/endpoints.h"

namespace selvage::controller {

/// Serves metrics and health. An address that is not available (usually since another agent that is about to end
/// has it) is logged once and retried; policy is enforced meanwhile. Not thread-safe.
class MonitorServer {
 public:
  MonitorServer(std::vector<telemetry::HttpAddress> addresses, const Monitoring& monitoring);

  /// When to call `start`; nothing: it serves.
  [[nodiscard]] std::optional<Moment> due() const { return retry_.due(); }
  void start(Moment now);

 private:
  std::vector<telemetry::HttpAddress> addresses_;
  Monitoring monitoring_;
  std::unique_ptr<telemetry::HttpServer> server_;
  Retry retry_;
};

}  // namespace selvage::controller
