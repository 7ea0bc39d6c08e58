#include "telemetry/http_message.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace selvage::telemetry {
namespace {

constexpr std::string_view kBlank = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return made;
}

/// Cuts off and returns the text before the first `separator`, or all of it.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view before = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return before;
}

std::string_view cut_line(std::string_view& text) {
  std::string_view line = cut(text, '\n');
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// Names of headers and methods (RFC 9110, 5.6.2).
bool is_token(std::string_view text) {
  const auto in_token = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), in_token);
}

/// Whether a list like "deflate, gzip;q=0.5" allows gzip (RFC 9110, 12.5.3).
bool allows_gzip(std::string_view accepted) {
  while (!accepted.empty()) {
    std::string_view coding = cut(accepted, ',');
    if (lower(trimmed(cut(coding, ';'))) != "gzip") continue;
    const std::string weight = lower(trimmed(coding));
    return weight.find_first_not_of("q=0. \t") != std::string::npos || weight.empty();
  }
  return false;
}

struct Header {
  std::string name;  ///< in lower case
  std::string_view value;
};

/// Nothing: a line is malformed.
std::optional<std::vector<Header>> headers_of(std::string_view lines) {
  std::vector<Header> headers;
  while (!lines.empty()) {
    std::string_view line = cut_line(lines);
    if (line.empty()) break;
    if (line.find(':') == std::string_view::npos) return std::nullopt;
    const std::string_view name = cut(line, ':');
    // A line with leading blanks would continue the one before (obs-fold), which RFC 9112 has deprecated.
    if (!is_token(name) || line.find('\0') != std::string_view::npos) return std::nullopt;
    headers.push_back({lower(name), trimmed(line)});
  }
  return headers;
}

/// "http://host:port/path" is "/path": servers must accept that form (RFC 9112, 3.2.2).
std::string_view without_authority(std::string_view target) {
  if (lower(target.substr(0, 7)) != "http://") return target;
  const std::size_t path = target.find('/', 7);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

struct RequestLine {
  std::string_view method;
  std::string_view target;
  std::string_view version;
};

std::optional<RequestLine> request_line(std::string_view line) {
  RequestLine made;
  made.method = cut(line, ' ');
  made.target = without_authority(cut(line, ' '));
  made.version = line;
  const bool printable =
      std::all_of(made.target.begin(), made.target.end(), [](char c) { return c > ' ' && c != '\x7f'; });
  if (!is_token(made.method) || !made.target.starts_with('/') || !printable) return std::nullopt;
  if (made.version.size() != 8 || !made.version.starts_with("HTTP/")) return std::nullopt;
  return made;
}

std::string_view reason_phrase(int status) {
  constexpr std::pair<int, std::string_view> kPhrases[] = {
      {200, "OK"},
      {400, "Bad Request"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  };
  for (const auto& [code, phrase] : kPhrases) {
    if (code == status) return phrase;
  }
  return "Other";
}

}  // namespace

std::size_t head_size(std::string_view bytes) {
  // An empty line ends the head; a bare LF ends a line, too (RFC 9112, 2.2).
  const std::size_t strict = bytes.find("\n\r\n");
  const std::size_t bare = bytes.find("\n\n");
  if (strict == bare) return std::string_view::npos;
  return strict < bare ? strict + 3 : bare + 2;
}

std::variant<HttpRequest, HttpResponse> parse_request(std::string_view head) {
  const auto line = request_line(cut_line(head));
  const auto headers = headers_of(head);
  if (!line || !headers) return error_response(400, "not an HTTP request");
  if (!line->version.starts_with("HTTP/1.")) return error_response(505, "only HTTP/1.0 and HTTP/1.1 are supported");
  HttpRequest request;
  request.head = line->method == "HEAD";
  if (!request.head && line->method != "GET") return error_response(405, "only GET and HEAD are supported");
  std::size_t hosts = 0;
  for (const Header& header : *headers) {
    if (header.name == "host") ++hosts;
    if (header.name == "accept-encoding") request.takes_gzip = request.takes_gzip || allows_gzip(header.value);
  }
  if (hosts > 1 || (hosts == 0 && line->version != "HTTP/1.0"))
    return error_response(400, "one Host header is required");
  std::string_view target = line->target;
  request.path = cut(target, '?');
  request.query = target;
  return request;
}

HttpResponse text_response(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::move(text));
  return response;
}

HttpResponse error_response(int status, std::string_view explanation) {
  std::string text = std::to_string(status) + " " + std::string(reason_phrase(status)) + "\n";
  text += std::string(explanation) + "\n";
  return text_response(status, std::move(text));
}

std::string response_head(const HttpResponse& response) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason_phrase(response.status));
  head += "\r\nContent-Type: " + response.content_type;
  head += "\r\nContent-Length: " + std::to_string(response.body->size());
  if (response.gzipped) head += "\r\nContent-Encoding: gzip";
  head += "\r\nVary: Accept-Encoding";
  // Required by RFC 9110, 15.5.6.
  if (response.status == 405) head += "\r\nAllow: GET, HEAD";
  // Keeps browsers from interpreting names of objects as anything but text.
  head += "\r\nX-Content-Type-Options: nosniff";
  head += "\r\nCache-Control: no-store";
  return head + "\r\nConnection: close\r\n\r\n";
}

}  // namespace selvage::telemetry
