#pragma once

#include <string>
#include <string_view>

namespace selvage::controller {

/// The text so that it stays one line of valid UTF-8, whatever is in it: names come from users. Control characters are
/// escaped, bytes that are no UTF-8 become U+FFFD; with `quotes`, as the inside of a JSON string (RFC 8259, section 7),
/// quotes and backslashes are escaped as well.
[[nodiscard]] std::string escaped(std::string_view text, bool quotes);

}  // namespace selvage::controller
