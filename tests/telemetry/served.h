#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "telemetry/http_server.h"
#include "tests/support/netns.h"
#include "tests/telemetry/http_client.h"

namespace selvage::telemetry {

inline HttpAddress local4(std::uint16_t port = 0) { return {IpAddress::parse("127.0.0.1").value(), port}; }
inline HttpAddress local6(std::uint16_t port = 0) { return {IpAddress::parse("::1").value(), port}; }

/// Answers each request with its path, and "/big" with eight megabytes.
inline HttpResponse echo_path(const HttpRequest& request) {
  return text_response(200, request.path == "/big" ? std::string(8U << 20U, 'x') : request.path);
}

/// A server on 127.0.0.1 and ::1 in a network namespace of the test's own.
class Served {
 public:
  explicit Served(const HttpLimits& limits = {}, HttpHandler handler = echo_path) {
    auto started = HttpServer::start({local4(), local6()}, std::move(handler), limits);
    if (!started) throw std::runtime_error(started.error().message);
    server_ = std::move(*started);
  }

  [[nodiscard]] HttpAddress v4() const { return server_->addresses().at(0); }
  [[nodiscard]] HttpAddress v6() const { return server_->addresses().at(1); }
  /// Whether a well-behaved client is served.
  [[nodiscard]] bool works() const {
    return get(v4(), "/fine").body == "/fine" && get(v6(), "/fine6").body == "/fine6";
  }
  void stop() { server_.reset(); }

 private:
  ScopedNetNs space_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace selvage::telemetry
