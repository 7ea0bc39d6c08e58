#include "k8s_client/json/json_frame.h"

namespace selvage::k8s_client {
namespace {

constexpr std::string_view kItems = "items";
constexpr std::string_view kNull = "null";

}  // namespace

Result<JsonFrame::Outcome> JsonFrame::take(std::string_view bytes) {
  const bool was_done = done();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const char c = bytes[at];
    const bool may_start_item = state_ == State::item || state_ == State::item_or_end;
    if (may_start_item && c == '{') {
      state_ = State::after_item;
      return Outcome{at, Next::item};
    }
    const auto taken = take_byte(c);
    if (!taken) return fail(taken.error().message);
    if (text_.size() > kMaxJsonFrameBytes) return fail("the list has more than 1 MiB besides its items");
    if (done() && !was_done) return Outcome{at + 1, Next::done};
  }
  return Outcome{bytes.size(), Next::more};
}

Result<void> JsonFrame::take_byte(char c) {
  if (state_ == State::value) return take_in_value(c);
  if (state_ == State::key) {
    text_.push_back(c);
    if (c == '"' && !escaped_) state_ = State::colon;
    escaped_ = c == '\\' && !escaped_;
    return {};
  }
  if (is_space(c)) return {};
  switch (state_) {
    case State::start:
      if (c != '{') return refuse(c, "a JSON object");
      text_.push_back(c);
      state_ = State::key_or_end;
      return {};
    case State::key_or_end:
    case State::key_start:
      return start_member(c);
    case State::colon:
      if (c != ':') return refuse(c, "a colon");
      text_.push_back(c);
      state_ = State::value_start;
      return {};
    case State::value_start:
      return start_value(c);
    case State::null:
      return take_in_null(c);
    case State::after_value:
      return end_member(c);
    case State::done:
      return refuse(c, "nothing behind the list");
    default:
      return take_between_items(c);
  }
}

Result<void> JsonFrame::start_member(char c) {
  if (c == '}' && state_ == State::key_or_end) return end_member(c);
  if (c != '"') return refuse(c, "a key");
  text_.push_back(c);
  key_start_ = text_.size();
  state_ = State::key;
  return {};
}

Result<void> JsonFrame::start_value(char c) {
  // The key as it is written, up to its closing quote and the colon: '...items":'.
  const std::string_view key = std::string_view(text_).substr(key_start_, text_.size() - key_start_ - 2);
  if (key != kItems) {
    state_ = State::value;
    return take_in_value(c);
  }
  if (seen_items_) return fail("the list has \"items\" twice");
  if (c != '[' && c != kNull.front()) return refuse(c, "a list of items");
  seen_items_ = true;
  text_ += "[]";
  null_left_ = kNull.size() - 1;
  state_ = c == '[' ? State::item_or_end : State::null;
  return {};
}

Result<void> JsonFrame::take_in_value(char c) {
  if (!in_string_ && depth_ == 0 && (c == ',' || c == '}')) return end_member(c);
  text_.push_back(c);
  if (in_string_) {
    in_string_ = c != '"' || escaped_;
    escaped_ = c == '\\' && !escaped_;
  } else if (c == '"') {
    in_string_ = true;
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if (c == '}' || c == ']') {
    if (depth_ == 0) return refuse(c, "a value");
    --depth_;
  }
  return {};
}

Result<void> JsonFrame::take_in_null(char c) {
  if (c != kNull[kNull.size() - null_left_]) return refuse(c, "a list of items");
  if (--null_left_ == 0) state_ = State::after_value;
  return {};
}

Result<void> JsonFrame::take_between_items(char c) {
  if (c == ']' && state_ != State::item) {
    state_ = State::after_value;
    return {};
  }
  if (c == ',' && state_ == State::after_item) {
    state_ = State::item;
    return {};
  }
  return refuse(c, state_ == State::after_item ? "a comma or the end of the items" : "an item that is an object");
}

Result<void> JsonFrame::end_member(char c) {
  if (c != ',' && c != '}') return refuse(c, "a comma or the end of the list");
  text_.push_back(c);
  state_ = c == ',' ? State::key_start : State::done;
  // Go's encoder always writes "items": a body without it is not a list, and must not count as an empty one.
  if (done() && !seen_items_) return fail("the body has no \"items\", so it is not a list");
  return {};
}

Result<void> JsonFrame::refuse(char c, const char* expected) const {
  constexpr const char* kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  const std::string hex = {'0', 'x', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
  return fail(std::string("expected ") + expected + ", not the byte " + hex);
}

}  // namespace selvage::k8s_client
