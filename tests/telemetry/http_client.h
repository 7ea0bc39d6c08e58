#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "telemetry/http_listener.h"

/// Clients of the HTTP server under test, good and bad. Failures throw std::runtime_error.
namespace selvage::telemetry {

/// A connection to there. Reads wait a minute at most, which only a broken server needs.
/// `source`: the IPv4 address that it comes from.
[[nodiscard]] UniqueFd connect_to(const HttpAddress& address, const std::string& source = "");

/// Sends as much as the peer takes; false: it has ended the connection.
bool send_text(const UniqueFd& socket, std::string_view text);

/// All that comes until the peer ends the connection, however it does that. Throws when it does not.
[[nodiscard]] std::string read_to_end(const UniqueFd& socket);

struct Answer {
  int status = 0;
  std::string head;
  std::string body;

  /// Whether the head has that line.
  [[nodiscard]] bool has(std::string_view line) const;
};

/// Takes an answer apart; nothing: there is none.
[[nodiscard]] std::optional<Answer> parse_answer(const std::string& text);

/// Sends `request` over a connection of its own. Nothing: no answer came.
[[nodiscard]] std::optional<Answer> ask(const HttpAddress& address, const std::string& request);

/// GET `target`. Throws where no answer comes.
[[nodiscard]] Answer get(const HttpAddress& address, const std::string& target, const std::string& headers = "");

}  // namespace selvage::telemetry
