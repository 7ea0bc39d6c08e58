#include "telemetry/plain_text.h"

#include "base/utf8.h"

namespace selvage::telemetry {
namespace {

std::string cleaned(std::string_view text, bool keep_controls) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, length);
    if (length == 0) {
      clean += "\xef\xbf\xbd";
    } else if (!keep_controls && is_control(character)) {
      clean += ' ';
    } else {
      clean += character;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}

}  // namespace

std::string valid_utf8(std::string_view text) { return cleaned(text, true); }

std::string one_line(std::string_view text) { return cleaned(text, false); }

}  // namespace selvage::telemetry
