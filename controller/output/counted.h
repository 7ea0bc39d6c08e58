#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace selvage::controller {

/// "1 pod", "2 pods"; `plural` is for words that take more than an "s": "2 policies".
[[nodiscard]] inline std::string counted(std::size_t count, std::string_view singular, std::string_view plural = {}) {
  std::string text = std::to_string(count).append(" ").append(count == 1 || plural.empty() ? singular : plural);
  if (count != 1 && plural.empty()) text += "s";
  return text;
}

}  // namespace selvage::controller
