#include "k8s_client/decode/scalar.h"

#include <algorithm>
#include <array>
#include <string>

namespace selvage::k8s_client {
namespace {

constexpr std::array<std::string_view, 11> kTrue = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                    "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 11> kFalse = {"n",     "N",     "no",  "No",  "NO", "false",
                                                     "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 6> kSpecial = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
constexpr std::string_view kDigits = "0123456789";

template <std::size_t Size>
bool holds(const std::array<std::string_view, Size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

/// Removes the leading decimal digits from `text`, and returns their number.
std::size_t take_digits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(count);
  return count;
}

/// digits [ "." digits ] [ ( "e" | "E" ) [ sign ] digits ], with a digit before the exponent.
bool is_decimal(std::string_view text) {
  std::size_t digits = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    digits += take_digits(text);
  }
  if (digits == 0 || text.empty()) return digits > 0;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  return all_of(text, kDigits);
}

bool is_based(std::string_view text) {
  const std::string_view base = text.substr(0, 2);
  const std::string_view digits = text.substr(base.size());
  if (base == "0x" || base == "0X") return all_of(digits, "0123456789abcdefABCDEF");
  if (base == "0b" || base == "0B") return all_of(digits, "01");
  return (base == "0o" || base == "0O") && all_of(digits, "01234567");
}

bool is_number(std::string_view plain) {
  // Without a digit, a sign or a dot at its start it is text, with underscores or not.
  if (plain.empty() || std::string_view("0123456789+-.").find(plain.front()) == std::string_view::npos) return false;
  std::string text(plain);
  std::erase(text, '_');
  std::string_view rest = text;
  if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) rest.remove_prefix(1);
  return holds(kSpecial, rest) || is_based(rest) || is_decimal(rest);
}

}  // namespace

ScalarType scalar_type(const Node& scalar) {
  if (!scalar.plain) return ScalarType::text;
  if (holds(kTrue, scalar.text) || holds(kFalse, scalar.text)) return ScalarType::boolean;
  return is_number(scalar.text) ? ScalarType::number : ScalarType::text;
}

bool is_true(std::string_view boolean) { return holds(kTrue, boolean); }

}  // namespace selvage::k8s_client
