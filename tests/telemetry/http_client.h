#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "telemetry/http_listener.h"

/// Clients of the HTTP server under test, good and bad. Failures throw std::runtime_error.
namespace selvage::telemetry {

/// A connection to the address. Reads wait a minute at most, a limit for broken servers.
/// `source`: the client's own IPv4 address.
[[nodiscard]] UniqueFd connect_to(const HttpAddress& address, const std::string& source = "");

/// Sends until the peer takes no more; false: the peer has ended the connection.
bool send_text(const UniqueFd& socket, std::string_view text);

/// Reads until the peer ends the connection in any way. Throws if it does not.
[[nodiscard]] std::string read_to_end(const UniqueFd& socket);

struct Answer {
  int status = 0;
  std::string head;
  std::string body;

  /// Whether the head has the line.
  [[nodiscard]] bool has(std::string_view line) const;
};

/// Parses an answer; nothing: there is none.
[[nodiscard]] std::optional<Answer> parse_answer(const std::string& text);

/// Sends `request` over a new connection. Nothing: no answer.
[[nodiscard]] std::optional<Answer> ask(const HttpAddress& address, const std::string& request);

/// GET `target`. Throws without an answer.
[[nodiscard]] Answer get(const HttpAddress& address, const std::string& target, const std::string& headers = "");

}  // namespace selvage::telemetry
