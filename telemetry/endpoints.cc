#include "telemetry/endpoints.h"

#include <string_view>
#include <utility>

#include "telemetry/gzip.h"
#include "telemetry/plain_text.h"

namespace selvage::telemetry {
namespace {

constexpr const char* kTextFormat = "text/plain; version=0.0.4; charset=utf-8";
/// A page is served again for this many times as long as it took to make, so that constant requests take at most a
/// tenth of a processor.
constexpr int kReuse = 9;

bool is_verbose(std::string_view query) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    if (parameter.substr(0, parameter.find('=')) == "verbose") return true;
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return false;
}

std::string verbose_lines(const HealthChecks& checks) {
  std::string text;
  for (const HealthCheck& check : checks) {
    if (check.ok()) text += "[+]" + check.name + " ok\n";
    for (const std::string& reason : check.reasons) text += "[-]" + check.name + " failed: " + one_line(reason) + "\n";
  }
  return text;
}

std::string reason_lines(const HealthChecks& checks) {
  std::string text;
  for (const HealthCheck& check : checks) {
    for (const std::string& reason : check.reasons) text += one_line(reason) + "\n";
  }
  return text;
}

}  // namespace

HttpResponse health_response(const std::string& name, const HealthChecks& checks, bool verbose) {
  const bool good = healthy(checks);
  const int status = good ? 200 : 503;
  if (!verbose) return text_response(status, good ? "ok" : reason_lines(checks));
  return text_response(status, verbose_lines(checks) + name + " check " + (good ? "passed" : "failed") + "\n");
}

void Endpoints::make_page(Moment now) {
  const Moment began = Clock::now();
  std::string page = metrics_.page(now);
  auto packed = gzipped(page);
  packed_page_ = packed ? std::make_shared<const std::string>(std::move(*packed)) : nullptr;
  page_ = std::make_shared<const std::string>(std::move(page));
  page_until_ = now + kReuse * (Clock::now() - began);
}

HttpResponse Endpoints::metrics_page(bool gzip, Moment now) {
  if (!page_ || now >= page_until_) make_page(now);
  HttpResponse response;
  response.content_type = kTextFormat;
  response.gzipped = gzip && packed_page_;
  response.body = response.gzipped ? packed_page_ : page_;
  return response;
}

HttpResponse Endpoints::answer(const HttpRequest& request, Moment now) {
  if (request.path == "/metrics") return metrics_page(request.takes_gzip, now);
  const bool verbose = is_verbose(request.query);
  if (request.path == "/livez") {
    return health_response("livez", liveness(health_.facts(), health_.limits(), now), verbose);
  }
  if (request.path == "/readyz") {
    return health_response("readyz", readiness(health_.facts(), health_.limits(), now), verbose);
  }
  return error_response(404, "this server has /metrics, /livez and /readyz");
}

Result<std::unique_ptr<HttpServer>> serve(const std::vector<HttpAddress>& addresses, Metrics& metrics,
                                          const Health& health) {
  const auto endpoints = std::make_shared<Endpoints>(metrics, health);
  return HttpServer::start(
      addresses, [endpoints](const HttpRequest& request) { return endpoints->answer(request, Clock::now()); });
}

}  // namespace selvage::telemetry
