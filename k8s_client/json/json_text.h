#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace selvage::k8s_client {

/// Limit for member names in messages, in bytes.
inline constexpr std::size_t kMaxShownKey = 80;

/// U+FFFD, in place of invalid UTF-8.
inline constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// Makes any bytes fit for messages: control characters become spaces, each run of invalid UTF-8 one U+FFFD. At most
/// `most` bytes, cut between characters.
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t most);

/// A JSON object with matching brackets, made from any bytes.
struct MendedJson {
  /// Control characters and invalid UTF-8 in strings are U+FFFD. Ends before a string that is not closed, before an
  /// unmatched closing bracket, or behind the object; brackets that are open there are closed.
  std::string text;
  bool replaced = false;      ///< something was replaced by U+FFFD
  const char* why = nullptr;  ///< why it ends before the text; nullptr: it does not
  std::string field;          ///< where: "spec.ingress[0].from"
};
[[nodiscard]] MendedJson mend_json(std::string_view json);

}  // namespace selvage::k8s_client
