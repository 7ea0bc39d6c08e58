#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace selvage::telemetry {

/// A request for something, without a body. Data of strangers: any bytes.
struct HttpRequest {
  std::string path;         ///< "/readyz"; not percent-decoded, as no path that is served needs it
  std::string query;        ///< what follows the first '?'; may be empty
  bool head = false;        ///< HEAD: the answer goes without its body
  bool takes_gzip = false;  ///< Accept-Encoding allows it

  friend bool operator==(const HttpRequest&, const HttpRequest&) = default;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  bool gzipped = false;                     ///< `body` is
  std::shared_ptr<const std::string> body;  ///< shared, as many may be waiting for one page; not null
};

/// Where a request's head ends: the size of it with its empty line, std::string_view::npos: not yet.
[[nodiscard]] std::size_t head_size(std::string_view bytes);

/// Reads a whole head (RFC 9112): GET and HEAD of HTTP/1.0 and 1.1, header names in any case. What is
/// none, or is not served, gives the answer to send: 400, 405 or 505.
[[nodiscard]] std::variant<HttpRequest, HttpResponse> parse_request(std::string_view head);

[[nodiscard]] HttpResponse text_response(int status, std::string text);

/// An answer that says why there is no other: "404 Not Found" and a line of explanation.
[[nodiscard]] HttpResponse error_response(int status, std::string_view explanation);

/// The head of an answer, which always announces the end of the connection.
[[nodiscard]] std::string response_head(const HttpResponse& response);

}  // namespace selvage::telemetry
