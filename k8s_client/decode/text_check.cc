#include "k8s_client/decode/text_check.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/utf8.h"

namespace selvage::k8s_client {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
/// Brackets in ordinary text are mostly balanced, so that no valid file comes near this.
constexpr std::size_t kMaxOpenBrackets = 1000;

/// Why the character `text[at]` is invalid, or nullptr.
const char* control_fault(std::string_view text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  if (c == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) {
    return "a carriage return alone ends a line; write LF or CR LF";
  }
  const bool allowed = c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0x7f);
  return allowed ? nullptr : "a control character; write it as an escape, in double quotes";
}

bool starts_document(std::string_view line) {
  constexpr std::string_view kMarker = "---";
  if (line.substr(0, kMarker.size()) != kMarker) return false;
  return line.size() == kMarker.size() || std::string_view(" \t\r\n").find(line[3]) != std::string_view::npos;
}

/// The code unit of a "\uXXXX" at the start of `text`.
std::optional<std::uint32_t> escaped_unit(std::string_view text) {
  if (text.size() < 6 || text.substr(0, 2) != "\\u") return std::nullopt;
  std::uint32_t unit = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
  return unit;
}

/// The character of the two escapes (a surrogate pair) at the start of `text`.
std::optional<std::uint32_t> surrogate_pair(std::string_view text) {
  const auto high = escaped_unit(text);
  if (!high || *high < 0xd800 || *high > 0xdbff) return std::nullopt;
  const auto low = escaped_unit(text.substr(6));
  if (!low || *low < 0xdc00 || *low > 0xdfff) return std::nullopt;
  return 0x10000 + ((*high - 0xd800) << 10U) + (*low - 0xdc00);
}

std::string long_escape(std::uint32_t character) {
  std::string digits(8, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, character >>= 4U) {
    *digit = "0123456789abcdef"[character & 0xfU];
  }
  return "\\U" + digits;
}

}  // namespace

std::optional<TextFault> find_text_fault(std::string_view text) {
  std::size_t line = 1;
  std::size_t open = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at, 4));
    if (length == 0) return TextFault{line, "not valid UTF-8; save the file as UTF-8"};
    if (const char* fault = control_fault(text, at)) return TextFault{line, fault};
    const char c = text[at];
    if (c == '\n') ++line;
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && open > 0) --open;
    if (open > kMaxOpenBrackets) return TextFault{line, "brackets are nested too deep"};
    at += length;
  }
  return std::nullopt;
}

std::vector<Chunk> split_documents(std::string_view text) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
  std::vector<Chunk> chunks;
  std::size_t start = 0;
  std::size_t start_line = 1;
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    if (at > start && starts_document(text.substr(at, 4))) {
      chunks.push_back({text.substr(start, at - start), start_line});
      start = at;
      start_line = line;
    }
    const auto end = text.find('\n', at);
    at = end == std::string_view::npos ? text.size() : end + 1;
  }
  chunks.push_back({text.substr(start), start_line});
  return chunks;
}

bool looks_like_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

std::string fold_surrogates(std::string_view json) {
  std::string folded;
  folded.reserve(json.size());
  while (!json.empty()) {
    const auto pair = surrogate_pair(json.substr(0, 12));
    // Skip both characters of an escape, so that the second backslash of "\\" does not start another one.
    const std::size_t taken = pair ? 12 : std::min<std::size_t>(json.front() == '\\' ? 2 : 1, json.size());
    if (pair) {
      folded += long_escape(*pair);
    } else {
      folded += json.substr(0, taken);
    }
    json.remove_prefix(taken);
  }
  return folded;
}

}  // namespace selvage::k8s_client
