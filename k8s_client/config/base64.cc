#include "k8s_client/config/base64.h"

#include <cstdint>

namespace selvage::k8s_client {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kQuantum = 4;

/// Decodes four digits into three bytes; the last digits may be padding.
std::optional<std::string> decode_quantum(std::string_view digits) {
  std::size_t count = kQuantum;
  while (count > 2 && digits[count - 1] == '=') --count;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kQuantum; ++i) {
    const std::size_t value = i < count ? kAlphabet.find(digits[i]) : 0;
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
  }
  std::string bytes;
  for (const unsigned shift : {16U, 8U, 0U}) bytes += static_cast<char>((bits >> shift) & 0xffU);
  bytes.resize(count - 1);
  return bytes;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string digits(text);
  std::erase_if(digits, [](char c) { return c == '\r' || c == '\n'; });
  if (digits.size() % kQuantum != 0) return std::nullopt;
  std::string decoded;
  decoded.reserve(digits.size() / kQuantum * 3);
  for (std::size_t at = 0; at < digits.size(); at += kQuantum) {
    const auto bytes = decode_quantum(std::string_view(digits).substr(at, kQuantum));
    const bool last = at + kQuantum == digits.size();
    if (!bytes || (bytes->size() < 3 && !last)) return std::nullopt;
    decoded += *bytes;
  }
  return decoded;
}

}  // namespace selvage::k8s_client
