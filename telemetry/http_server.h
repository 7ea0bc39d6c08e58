#pragma once

#include <list>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/event_fd.h"
#include "base/result.h"
#include "telemetry/http_connection.h"
#include "telemetry/http_listener.h"

namespace selvage::telemetry {

/// Serves GET and HEAD in a thread of its own that never waits for a client: a slow client only occupies one of
/// `HttpLimits::connections`. When all are occupied, a new client displaces one of the address with the most
/// connections: the oldest that has not sent a request, else the oldest. A connection has one request
/// (docs/decisions/0016-http.md).
///
/// The thread blocks all signals, and disconnecting clients raise none.
class HttpServer {
 public:
  /// Listens on all of `addresses` and starts to serve, or fails with the error of the first that is not available.
  static Result<std::unique_ptr<HttpServer>> start(const std::vector<HttpAddress>& addresses, HttpHandler handler,
                                                   const HttpLimits& limits = {});
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// Ends all connections and the thread, within milliseconds unless the handler takes longer.
  ~HttpServer();

  /// The addresses in order, with their assigned ports.
  [[nodiscard]] std::vector<HttpAddress> addresses() const;

 private:
  HttpServer(std::vector<HttpListener> listeners, EventFd stop, HttpHandler handler, const HttpLimits& limits);

  using Connections = std::list<HttpConnection>;

  void run();
  [[nodiscard]] bool turn();
  [[nodiscard]] int timeout_ms(Moment now) const;
  void serve(const std::vector<short>& events, Moment now);
  void accept_all(const HttpListener& listener, Moment now);
  [[nodiscard]] bool full() const;
  [[nodiscard]] Connections::iterator most_dispensable();

  const std::vector<HttpListener> listeners_;
  const EventFd stop_;  ///< readable: stop
  const HttpHandler handler_;
  const HttpLimits limits_;
  Connections connections_;  ///< the oldest first; the thread's
  Moment accept_again_;      ///< no connections are accepted before; the thread's
  std::thread thread_;
};

}  // namespace selvage::telemetry
