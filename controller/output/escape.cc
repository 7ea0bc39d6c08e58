#include "controller/output/escape.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace selvage::controller {
namespace {

void append(std::string_view character, std::string& out) {
  if (is_control(character)) {
    const auto last = static_cast<unsigned char>(character.back());  // of C1 as well, the code point
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(last));
    return;
  }
  out.append(character);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    append(length == 0 ? "\uFFFD" : text.substr(0, length), out);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace selvage::controller
