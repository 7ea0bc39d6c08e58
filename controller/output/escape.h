#pragma once

#include <string>
#include <string_view>

namespace selvage::controller {

/// The text as one line of valid UTF-8, whatever it holds: names come from users. Control characters become \u00xx,
/// bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace selvage::controller
