#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace selvage::k8s_client {

/// White space between JSON tokens (RFC 8259 section 2).
[[nodiscard]] inline bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// Limit for a list's text without its items, in bytes.
inline constexpr std::size_t kMaxJsonFrameBytes = 1U << 20U;

/// Reads the text of a list around its items: a JSON object byte by byte, up to the first item of its field "items",
/// then on from behind that item, and so forth.
class JsonFrame {
 public:
  /// What follows the bytes that were taken.
  enum class Next : std::uint8_t {
    more,  ///< nothing: all bytes were taken
    item,  ///< an item; call `take` next with the bytes behind it
    done,  ///< only white space: the closing bracket was taken
  };
  struct Outcome {
    std::size_t taken = 0;
    Next next = Next::more;
  };

  /// Takes bytes up to an item, up to the end, or all of them. Fails when this is no object, has no or two fields
  /// "items", these are neither a list of objects nor null, there are bytes behind the end, or more than
  /// kMaxJsonFrameBytes.
  Result<Outcome> take(std::string_view bytes);

  /// Whether the closing bracket was taken.
  [[nodiscard]] bool done() const { return state_ == State::done; }
  /// Everything that was taken, with "items" as an empty list.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  enum class State : std::uint8_t {
    start,
    key_or_end,
    key_start,
    key,
    colon,
    value_start,
    value,
    null,
    after_value,
    item_or_end,
    item,
    after_item,
    done,
  };

  Result<void> take_byte(char c);
  Result<void> start_member(char c);
  Result<void> start_value(char c);
  Result<void> take_in_value(char c);
  Result<void> take_in_null(char c);
  Result<void> take_between_items(char c);
  Result<void> end_member(char c);
  Result<void> refuse(char c, const char* expected) const;

  State state_ = State::start;
  std::string text_;
  std::size_t key_start_ = 0;  ///< in text_
  std::size_t depth_ = 0;      ///< open brackets in a member's value
  std::size_t null_left_ = 0;  ///< characters of "null" still to come
  bool in_string_ = false;
  bool escaped_ = false;
  bool seen_items_ = false;
};

}  // namespace selvage::k8s_client
