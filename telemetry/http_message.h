#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace selvage::telemetry {

/// A request without a body. Untrusted data: may hold any bytes.
struct HttpRequest {
  std::string path;         ///< "/readyz"; not percent-decoded: no served path needs it
  std::string query;        ///< after the first '?'; may be empty
  bool head = false;        ///< HEAD: the answer has no body
  bool takes_gzip = false;  ///< Accept-Encoding allows gzip

  friend bool operator==(const HttpRequest&, const HttpRequest&) = default;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  bool gzipped = false;                     ///< `body` is compressed
  std::shared_ptr<const std::string> body;  ///< shared, since many clients may wait for one page; not null
};

/// The size of a request's head with its empty line; std::string_view::npos: incomplete.
[[nodiscard]] std::size_t head_size(std::string_view bytes);

/// Parses a whole head (RFC 9112): GET and HEAD of HTTP/1.0 and 1.1, header names in any case. Other requests give the
/// answer to send: 400, 405 or 505.
[[nodiscard]] std::variant<HttpRequest, HttpResponse> parse_request(std::string_view head);

[[nodiscard]] HttpResponse text_response(int status, std::string text);

/// An error as an answer: "404 Not Found" and a line of explanation.
[[nodiscard]] HttpResponse error_response(int status, std::string_view explanation);

/// The head of an answer. It always has "Connection: close".
[[nodiscard]] std::string response_head(const HttpResponse& response);

}  // namespace selvage::telemetry
