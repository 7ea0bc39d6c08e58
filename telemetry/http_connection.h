#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "telemetry/http_message.h"

namespace selvage::telemetry {

/// Limits to what clients can cost. Times are totals: single bytes now and then do not extend them.
struct HttpLimits {
  std::size_t connections = 128;                    ///< at once; a further one ends another
  std::size_t waiting_bytes = 32U << 20U;           ///< of all answers that are not sent yet
  std::size_t head_bytes = 8192;                    ///< of a request
  std::size_t drained_bytes = 64U << 10U;           ///< read and discarded after the answer
  std::chrono::milliseconds request_time{5'000};    ///< from the connection's start to the whole request
  std::chrono::milliseconds response_time{10'000};  ///< until an answer is sent
  std::chrono::milliseconds drain_time{5'000};      ///< until the client closes after that
};

/// Answers one request. Called in the server's thread, one at a time; should take milliseconds.
using HttpHandler = std::function<HttpResponse(const HttpRequest& request)>;

/// One client: reads a request, sends the answer, waits until the client closes. Never blocks. For the
/// server's thread alone.
class HttpConnection {
 public:
  /// `socket` does not block; connections with the same `peer` count together for `limits`.
  HttpConnection(UniqueFd socket, std::string peer, const HttpLimits& limits, Moment now);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  /// Data that the client has not read is lost.
  ~HttpConnection();

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  /// Events for poll(2).
  [[nodiscard]] short events() const;
  /// When the connection ends, whatever the client does.
  [[nodiscard]] Moment deadline() const { return deadline_; }
  /// Whether the client has sent a request.
  [[nodiscard]] bool asked() const { return step_ != Step::request; }
  /// Bytes of the answer that are not sent yet.
  [[nodiscard]] std::size_t waiting_bytes() const;

  /// Proceeds as far as possible without waiting. False: the connection is over and must be destroyed.
  [[nodiscard]] bool advance(const HttpHandler& handler, Moment now);

 private:
  enum class Step : std::uint8_t { request, answer, drain };
  enum class Outcome : std::uint8_t { next, wait, over };

  Outcome read_request(const HttpHandler& handler, Moment now);
  void begin_answer(const HttpResponse& response, bool with_body, Moment now);
  Outcome send_answer(Moment now);
  Outcome drain();

  UniqueFd socket_;
  std::string peer_;
  const HttpLimits& limits_;
  Step step_ = Step::request;
  Moment deadline_;
  std::string received_;
  std::string head_;
  std::shared_ptr<const std::string> body_;  ///< null: none is sent
  std::size_t sent_ = 0;                     ///< of head and body
  std::size_t drained_ = 0;
};

}  // namespace selvage::telemetry
