#include "k8s_client/json/json_text.h"

#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "k8s_client/decode/yaml_reader.h"

namespace selvage::k8s_client {
namespace {

/// The length of the character, or the run of invalid bytes, at the start of `text`.
struct Piece {
  std::size_t size = 0;
  bool valid = true;
};

Piece piece_at(std::string_view text) {
  const std::size_t character = utf8_length(text);
  if (character > 0) return {character, true};
  std::size_t size = 1;
  while (size < text.size() && utf8_length(text.substr(size, 4)) == 0) ++size;
  return {size, false};
}

/// Copies JSON as long as its brackets match.
class Mender {
 public:
  explicit Mender(std::string_view json) : rest_(json) {}

  MendedJson mend() {
    result_.text.reserve(rest_.size() + kMaxDepth);
    while (!rest_.empty() && result_.why == nullptr) {
      const Piece piece = piece_at(rest_);
      const std::string_view bytes = rest_.substr(0, piece.size);
      rest_.remove_prefix(piece.size);
      if (in_string_) {
        take_in_string(bytes, piece.valid);
      } else {
        take_outside(bytes.front(), bytes);
      }
    }
    finish();
    return std::move(result_);
  }

 private:
  /// An open object or list, and its current member.
  struct Open {
    std::string key;
    std::size_t index = 0;
    bool in_value = false;  ///< of an object: behind the colon
  };

  void take_in_string(std::string_view bytes, bool valid) {
    const char c = bytes.front();
    const bool bad = !valid || static_cast<unsigned char>(c) < 0x20;
    result_.text += bad ? kReplacement : bytes;
    result_.replaced = result_.replaced || bad;
    if (c == '"' && !escaped_) end_string();
    escaped_ = c == '\\' && !escaped_;
  }

  void end_string() {
    in_string_ = false;
    if (open_.empty() || open_.back().in_value) return;
    const std::string_view key = std::string_view(result_.text).substr(string_start_ + 1);
    open_.back().key = clean_text(key.substr(0, key.size() - 1), kMaxShownKey);
  }

  void take_outside(char c, std::string_view bytes) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (closed_ && !space) {
      result_.why = "text follows the JSON object";
      return;
    }
    if (c == '"') {
      in_string_ = true;
      string_start_ = result_.text.size();
    } else if (c == '{' || c == '[') {
      closers_.push_back(c == '{' ? '}' : ']');
      if (closers_.size() <= kMaxDepth) open_.emplace_back();
    } else if (c == '}' || c == ']') {
      close(c);
      if (result_.why != nullptr) return;
    } else if ((c == ':' || c == ',') && closers_.size() == open_.size() && !open_.empty()) {
      open_.back().in_value = c == ':';
      if (c == ',') ++open_.back().index;
    }
    result_.text += bytes;
  }

  void close(char c) {
    if (closers_.empty() || closers_.back() != c) {
      result_.why = "unmatched closing bracket";
      return;
    }
    if (closers_.size() == open_.size()) open_.pop_back();
    closers_.pop_back();
    closed_ = closers_.empty();
  }

  void finish() {
    if (in_string_) result_.text.resize(string_start_);
    const bool cut = in_string_ || !closers_.empty();
    if (cut && result_.why == nullptr) result_.why = "the JSON text ends here";
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (closers_[i] == ']') {
        result_.field += "[" + std::to_string(open_[i].index) + "]";
      } else if (open_[i].in_value) {
        result_.field += (result_.field.empty() ? "" : ".") + open_[i].key;
      }
    }
    result_.text.append(closers_.rbegin(), closers_.rend());
  }

  std::string_view rest_;
  MendedJson result_;
  std::string closers_;
  std::vector<Open> open_;  ///< the outermost kMaxDepth open objects and lists
  std::size_t string_start_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool closed_ = false;  ///< the object is complete
};

}  // namespace

std::string clean_text(std::string_view text, std::size_t most) {
  std::string clean;
  while (!text.empty()) {
    const Piece piece = piece_at(text);
    const std::string_view character = piece.valid ? text.substr(0, piece.size) : kReplacement;
    const std::string_view shown = is_control(character) ? std::string_view(" ") : character;
    if (clean.size() + shown.size() > most) break;
    clean += shown;
    text.remove_prefix(piece.size);
  }
  return clean;
}

MendedJson mend_json(std::string_view json) { return Mender(json).mend(); }

}  // namespace selvage::k8s_client
