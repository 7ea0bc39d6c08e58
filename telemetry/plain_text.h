#pragma once

#include <string>
#include <string_view>

namespace selvage::telemetry {

/// `text` as well-formed UTF-8: each byte outside of a character becomes U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// The same, and each control character becomes a space, so that the text stays on its line.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace selvage::telemetry
