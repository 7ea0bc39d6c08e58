#pragma once

#include <string>
#include <string_view>

namespace selvage::telemetry {

/// `text` as well-formed UTF-8: each byte that is part of no character becomes U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// The same, and each control character becomes a space: what is put into a line stays in it.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace selvage::telemetry
