#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "telemetry/health.h"
#include "telemetry/http_server.h"
#include "telemetry/metrics.h"

namespace selvage::telemetry {

/// Answers /metrics, /livez and /readyz (docs/metrics.md). For the server's thread only.
class Endpoints {
 public:
  /// Both must outlive this object.
  Endpoints(Metrics& metrics, const Health& health) : metrics_(metrics), health_(health) {}

  [[nodiscard]] HttpResponse answer(const HttpRequest& request, Moment now);

 private:
  [[nodiscard]] HttpResponse metrics_page(bool gzip, Moment now);
  void make_page(Moment now);

  Metrics& metrics_;
  const Health& health_;
  std::shared_ptr<const std::string> page_;  ///< null: not made yet
  std::shared_ptr<const std::string> packed_page_;
  Moment page_until_;  ///< after that a new one is made
};

/// Serves metrics and health at the addresses until the server is destroyed; both must outlive it. Fails as
/// HttpServer::start does.
Result<std::unique_ptr<HttpServer>> serve(const std::vector<HttpAddress>& addresses, Metrics& metrics,
                                          const Health& health);

/// The answer of /livez or /readyz (`name` is "livez" or "readyz"): 200 and "ok", or 503 and a line for each reason.
/// `verbose`: a line for each check, in the format of the Kubernetes API server.
[[nodiscard]] HttpResponse health_response(const std::string& name, const HealthChecks& checks, bool verbose);

}  // namespace selvage::telemetry
