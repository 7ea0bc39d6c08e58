#include "nft/wire/comment.h"

#include <algorithm>

#include "base/utf8.h"

namespace selvage::nft {
namespace {

std::string_view printable(std::string_view character) {
  if (is_control(character)) return " ";
  return character == "\"" ? "'" : character;
}

/// The usual case: nothing to change.
bool is_plain(std::string_view text) {
  return text.size() <= kCommentLimit &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"'; });
}

}  // namespace

std::string printable_comment(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view shown = length == 0 ? "?" : printable(text.substr(0, length));
    if (out.size() + shown.size() > kCommentLimit) break;
    out += shown;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace selvage::nft
