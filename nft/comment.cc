#include "nft/comment.h"

#include <algorithm>
#include <cstdint>

namespace selvage::nft {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

/// Bytes that the character starting with `lead` should have; 0 for a byte that starts none.
std::size_t length_by_lead(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/// Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte (RFC 3629, 4).
bool second_byte_fits(std::uint8_t lead, std::uint8_t second) {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0;
    case 0xed:
      return second <= 0x9f;
    case 0xf0:
      return second >= 0x90;
    case 0xf4:
      return second <= 0x8f;
    default:
      return true;
  }
}

/// Length of the UTF-8 character that starts `text` (not empty); 0 when there is none.
std::size_t character_length(std::string_view text) {
  const std::size_t length = length_by_lead(byte_at(text, 0));
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xc0) != 0x80) return 0;
  }
  return length == 1 || second_byte_fits(byte_at(text, 0), byte_at(text, 1)) ? length : 0;
}

bool is_control(std::string_view character) {
  const std::uint8_t lead = byte_at(character, 0);
  if (character.size() == 1) return lead < 0x20 || lead == 0x7f;
  return character.size() == 2 && lead == 0xc2 && byte_at(character, 1) < 0xa0;
}

std::string_view printable(std::string_view character) {
  if (is_control(character)) return " ";
  return character == "\"" ? "'" : character;
}

/// What most comments are: nothing to do.
bool is_plain(std::string_view text) {
  return text.size() <= kCommentLimit &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"'; });
}

}  // namespace

std::string printable_comment(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view shown = length == 0 ? "?" : printable(text.substr(0, length));
    if (out.size() + shown.size() > kCommentLimit) break;
    out += shown;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace selvage::nft
