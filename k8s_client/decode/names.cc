#include "k8s_client/decode/names.h"

#include <algorithm>

namespace selvage::k8s_client {
namespace {

constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxSubdomain = 253;
constexpr std::size_t kMaxPortName = 15;

// Not <cctype>: letters must not depend on the locale.
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_dns_end(char c) { return is_lower(c) || is_digit(c); }
bool is_dns_inner(char c) { return is_dns_end(c) || c == '-'; }
bool is_label_end(char c) { return is_dns_end(c) || is_upper(c); }
bool is_label_inner(char c) { return is_label_end(c) || c == '-' || c == '_' || c == '.'; }

/// Whether there is a character, all are `inner`, and the first and last are `end`.
bool has_form(std::string_view text, bool (*end)(char), bool (*inner)(char)) {
  return !text.empty() && end(text.front()) && end(text.back()) && std::all_of(text.begin(), text.end(), inner);
}

bool is_dns_form(std::string_view text) { return has_form(text, is_dns_end, is_dns_inner); }

bool is_qualified_name(std::string_view text) {
  return text.size() <= kMaxLabel && has_form(text, is_label_end, is_label_inner);
}

}  // namespace

bool is_dns_label(std::string_view text) { return text.size() <= kMaxLabel && is_dns_form(text); }

bool is_dns_subdomain(std::string_view text) {
  if (text.size() > kMaxSubdomain) return false;
  for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    if (!is_dns_form(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
  }
  return is_dns_form(text);
}

bool is_label_value(std::string_view text) { return text.empty() || is_qualified_name(text); }

bool is_label_key(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return is_qualified_name(text);
  return is_dns_subdomain(text.substr(0, slash)) && is_qualified_name(text.substr(slash + 1));
}

bool is_port_name(std::string_view text) {
  return text.size() <= kMaxPortName && is_dns_form(text) && text.find("--") == std::string_view::npos &&
         std::any_of(text.begin(), text.end(), is_lower);
}

}  // namespace selvage::k8s_client
