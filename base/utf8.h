#pragma once

#include <cstddef>
#include <string_view>

namespace selvage {

/// Length in bytes, 1 to 4, of the well-formed UTF-8 character at the start of `text`; 0 if it is malformed (RFC 3629;
/// Unicode, table 3-7: overlong forms and surrogates are malformed).
[[nodiscard]] std::size_t utf8_length(std::string_view text);

/// Whether a character is a control character: C0, DEL or C1. `character` has the length that utf8_length gives.
[[nodiscard]] bool is_control(std::string_view character);

}  // namespace selvage
