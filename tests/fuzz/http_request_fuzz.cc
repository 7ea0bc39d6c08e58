#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "telemetry/http_message.h"

namespace {

using namespace selvage;

void require(bool holds) {
  if (!holds) std::abort();
}

bool has_line_break(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

void check_request(const telemetry::HttpRequest& request) {
  require(request.path.starts_with('/'));
  require(!has_line_break(request.path) && !has_line_break(request.query));
}

void check_refusal(const telemetry::HttpResponse& response) {
  require(response.status == 400 || response.status == 405 || response.status == 505);
  require(response.body != nullptr && response.body->size() < 1'000);
  require(telemetry::response_head(response).ends_with("\r\n\r\n"));
}

}  // namespace

/// Any bytes as the head of an HTTP request: no crash, no undefined behaviour, and the result is a request or an answer
/// that refuses it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = telemetry::head_size(bytes);
  if (end == std::string_view::npos) return 0;
  require(end > 0 && end <= size);
  const auto parsed = telemetry::parse_request(bytes.substr(0, end));
  if (const auto* request = std::get_if<telemetry::HttpRequest>(&parsed)) {
    check_request(*request);
  } else {
    check_refusal(std::get<telemetry::HttpResponse>(parsed));
  }
  return 0;
}
