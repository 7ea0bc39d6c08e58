#include "telemetry/http_message.h"

#include <catch2/catch.hpp>
#include <optional>
#include <random>

namespace selvage::telemetry {
namespace {

std::optional<HttpRequest> parsed(const std::string& head) {
  const auto result = parse_request(head);
  const auto* request = std::get_if<HttpRequest>(&result);
  return request == nullptr ? std::nullopt : std::optional(*request);
}

/// The status of the error response; 0: the request is valid.
int refused_with(const std::string& head) {
  const auto result = parse_request(head);
  const auto* response = std::get_if<HttpResponse>(&result);
  return response == nullptr ? 0 : response->status;
}

std::string with_headers(const std::string& headers) { return "GET / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n"; }

bool takes_gzip(const std::string& accepted) {
  return parsed(with_headers("Accept-Encoding: " + accepted + "\r\n")).value().takes_gzip;
}

TEST_CASE("ordinary requests are parsed") {
  const auto request = parsed("GET /readyz?verbose=1&x HTTP/1.1\r\nHost: n1:9467\r\n\r\n");
  CHECK(request == HttpRequest{"/readyz", "verbose=1&x", false, false});
  CHECK(parsed("HEAD /metrics HTTP/1.1\r\nhOsT:x\r\n\r\n") == HttpRequest{"/metrics", "", true, false});
  CHECK(parsed("GET /livez HTTP/1.0\r\n\r\n") == HttpRequest{"/livez", "", false, false});
  CHECK(parsed("GET /livez HTTP/1.0\n\n") == HttpRequest{"/livez", "", false, false});
  CHECK(parsed("GET http://n1:9467/livez HTTP/1.1\r\nHost: n1\r\n\r\n") == HttpRequest{"/livez", "", false, false});
  CHECK(parsed("GET http://n1 HTTP/1.1\r\nHost: n1\r\n\r\n") == HttpRequest{"/", "", false, false});
}

TEST_CASE("gzip is used when Accept-Encoding allows it") {
  CHECK(takes_gzip("gzip"));
  CHECK(takes_gzip("deflate, GZIP;q=0.5"));
  CHECK(takes_gzip("br , gzip ; q=1.0"));
  CHECK_FALSE(takes_gzip("gzip;q=0"));
  CHECK_FALSE(takes_gzip("gzip; q=0.000"));
  CHECK_FALSE(takes_gzip("identity"));
  CHECK_FALSE(takes_gzip("xgzip"));
  CHECK_FALSE(parsed(with_headers(""))->takes_gzip);
}

TEST_CASE("malformed requests are rejected") {
  CHECK(refused_with("\r\n\r\n") == 400);
  CHECK(refused_with("GET\r\n\r\n") == 400);
  CHECK(refused_with("GET /\r\n\r\n") == 400);
  CHECK(refused_with("GET  / HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(refused_with("GET metrics HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(refused_with("GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(refused_with("GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(refused_with("GET / HTTP/1.1 x\r\nHost: x\r\n\r\n") == 400);
  CHECK(refused_with("G(T / HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(refused_with("\x16\x03\x01\x02\n\n") == 400);
  CHECK(refused_with(with_headers("no colon\r\n")) == 400);
  CHECK(refused_with(with_headers(" folded: x\r\n")) == 400);
  CHECK(refused_with(with_headers("Name : x\r\n")) == 400);
  CHECK(refused_with(with_headers(std::string("a: \0\r\n", 6))) == 400);
}

TEST_CASE("exactly one Host header is required, except in HTTP/1.0") {
  CHECK(refused_with("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refused_with(with_headers("Host: y\r\n")) == 400);
}

TEST_CASE("other methods and versions are rejected") {
  CHECK(refused_with("POST /metrics HTTP/1.1\r\nHost: x\r\n\r\n") == 405);
  CHECK(refused_with("CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n") == 405);
  CHECK(refused_with("GET / HTTP/2.0\r\nHost: x\r\n\r\n") == 505);
}

TEST_CASE("a head ends with an empty line") {
  CHECK(head_size("GET / HTTP/1.0\r\n\r\nmore") == 18);
  CHECK(head_size("GET / HTTP/1.0\n\nmore\r\n\r\n") == 16);
  CHECK(head_size("GET / HTTP/1.0\n\r\n\n") == 17);
  CHECK(head_size("GET / HTTP/1.0\r\n\r") == std::string_view::npos);
  CHECK(head_size("") == std::string_view::npos);
}

TEST_CASE("an answer's head has the body's length and closes the connection") {
  HttpResponse response = text_response(200, "hello");
  const std::string head = response_head(response);
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(head.find("\r\nContent-Length: 5\r\n") != std::string::npos);
  CHECK(head.find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(head.ends_with("\r\n\r\n"));
  response.gzipped = true;
  CHECK(response_head(response).find("\r\nContent-Encoding: gzip\r\n") != std::string::npos);
  CHECK(response_head(error_response(405, "")).find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
}

TEST_CASE("requests with changed, removed and repeated bytes do no harm") {
  std::mt19937 random(GENERATE(1U, 2U, 3U));
  const std::string good = "GET /metrics?a=b HTTP/1.1\r\nHost: n1\r\nAccept-Encoding: gzip;q=0.1, x\r\n\r\n";
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    for (std::size_t i = below(6); i > 0; --i) text[below(text.size())] = static_cast<char>(below(256));
    if (below(4) == 0) text.insert(below(text.size()), text.substr(below(text.size())));
    if (below(4) == 0) text.resize(below(text.size() + 1));
    const auto result = parse_request(text.substr(0, head_size(text)));
    if (const auto* request = std::get_if<HttpRequest>(&result)) {
      CHECK(request->path.starts_with('/'));
    } else {
      CHECK(std::get<HttpResponse>(result).status >= 400);
    }
  }
}

}  // namespace
}  // namespace selvage::telemetry
