#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace selvage::k8s_client {

/// Bytes of a member name that messages show at most.
inline constexpr std::size_t kMaxShownKey = 80;

/// U+FFFD, what stands for bytes that are no UTF-8.
inline constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// For messages, from any bytes: control characters become spaces, runs of bytes that are no UTF-8 one
/// U+FFFD; at most `most` bytes, cut between characters.
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t most);

/// A JSON object with its brackets in order, made from any bytes.
struct MendedJson {
  /// In strings, control characters and runs of bytes that are no UTF-8 are U+FFFD. Ends where the
  /// text's order does: before a string that never closes, before a bracket that closes what is not
  /// open, behind the object. Brackets that are open there are closed.
  std::string text;
  bool replaced = false;      ///< something is U+FFFD that was not
  const char* why = nullptr;  ///< the text ends before it did, and why so
  std::string field;          ///< where: "spec.ingress[0].from"
};
[[nodiscard]] MendedJson mend_json(std::string_view json);

}  // namespace selvage::k8s_client
