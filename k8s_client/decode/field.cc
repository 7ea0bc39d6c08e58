#include "k8s_client/decode/field.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "k8s_client/decode/scalar.h"

namespace selvage::k8s_client {
namespace {

constexpr std::size_t kMaxShown = 80;

/// For messages: text by users may have any length, and line breaks.
std::string shown(std::string_view text) {
  std::size_t length = std::min(text.size(), kMaxShown);
  // Not within a UTF-8 character, whose further bytes are 10xxxxxx.
  while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0U) == 0x80) --length;
  std::string result(text.substr(0, length));
  std::replace_if(
      result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return length < text.size() ? result + "..." : result;
}

std::string in_quotes(std::string_view text) { return "\"" + shown(text) + "\""; }

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
    case Node::Kind::scalar:
      break;
  }
  switch (scalar_type(node)) {
    case ScalarType::boolean:
      return "the boolean " + shown(node.text);
    case ScalarType::number:
      return "the number " + shown(node.text);
    case ScalarType::text:
      break;
  }
  return in_quotes(node.text);
}

bool is_text(const Node& node) { return node.kind == Node::Kind::scalar && scalar_type(node) == ScalarType::text; }

}  // namespace

Field::Field(const Node& object, std::optional<Complaint>& complaint)
    : node_(&object), line_(object.line), complaint_(&complaint) {}

std::string Field::path_of(std::string_view key) const { return path_.empty() ? shown(key) : path_ + "." + shown(key); }

bool Field::is_mapping() const {
  if (!readable()) return false;
  if (is_mapping_node()) return true;
  complain("expected a mapping, not " + (node_ == nullptr ? "nothing" : describe(*node_)));
  return false;
}

bool Field::is_mapping_or_absent() const { return absent() ? readable() : is_mapping(); }

bool Field::is_mapping_node() const { return node_ != nullptr && node_->kind == Node::Kind::mapping; }

bool Field::readable() const {
  if (repeated_) complain("the field is given twice; keep one");
  return !repeated_;
}

Field Field::operator[](std::string_view key) const {
  Field found(nullptr, line_, path_of(key), complaint_);
  if (!is_mapping_node() || repeated_) return found;
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < node_->children.size(); i += 2) {
    const Node& name = node_->children[i];
    if (name.kind != Node::Kind::scalar || name.text != key) continue;
    found.node_ = &node_->children[i + 1];
    found.line_ = name.line;
    ++count;
  }
  found.repeated_ = count > 1;
  return found;
}

bool Field::has_only(std::initializer_list<std::string_view> known) const {
  if (!is_mapping_or_absent()) return false;
  if (absent()) return true;
  for (std::size_t i = 0; i + 1 < node_->children.size(); i += 2) {
    const Node& name = node_->children[i];
    const Field value(nullptr, name.line, path_of(name.text), complaint_);
    if (std::find(known.begin(), known.end(), name.text) == known.end()) {
      std::string list;
      for (const auto& one : known) list += (list.empty() ? "" : ", ") + std::string(one);
      value.complain("unknown field; expected one of " + list);
      return false;
    }
    if (!(*this)[name.text].readable()) return false;
  }
  return true;
}

std::optional<std::vector<Field>> Field::items() const {
  if (!readable()) return std::nullopt;
  std::vector<Field> items;
  if (absent()) return items;
  if (node_->kind != Node::Kind::sequence) return complain("expected a list, not " + describe(*node_));
  for (std::size_t i = 0; i < node_->children.size(); ++i) {
    const Node& item = node_->children[i];
    items.push_back(Field(&item, item.line, path_ + "[" + std::to_string(i) + "]", complaint_));
  }
  return items;
}

std::optional<std::vector<Field::Entry>> Field::entries() const {
  if (!readable()) return std::nullopt;
  std::vector<Entry> entries;
  if (absent()) return entries;
  if (!is_mapping()) return std::nullopt;
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i + 1 < node_->children.size(); i += 2) {
    const Node& name = node_->children[i];
    const Field value(&node_->children[i + 1], name.line, path_of(name.text), complaint_);
    if (!is_text(name)) return value.complain("expected a string as key, not " + describe(name) + "; put it in quotes");
    seen.push_back(name.text);
    entries.push_back({name.text, value});
  }
  std::sort(seen.begin(), seen.end());
  const auto twice = std::adjacent_find(seen.begin(), seen.end());
  if (twice != seen.end()) return (*this)[*twice].complain("the key is given twice; keep one");
  return entries;
}

std::optional<std::string> Field::text() const {
  if (!readable()) return std::nullopt;
  if (absent()) return complain("expected a string, but nothing is given");
  if (is_text(*node_)) return node_->text;
  const bool scalar = node_->kind == Node::Kind::scalar;
  return complain("expected a string, not " + describe(*node_) + (scalar ? "; put it in quotes" : ""));
}

std::optional<std::string> Field::text_or(std::string_view fallback) const {
  return absent() && readable() ? std::string(fallback) : text();
}

bool Field::is_number() const {
  return !absent() && node_->kind == Node::Kind::scalar && scalar_type(*node_) == ScalarType::number;
}

std::optional<std::uint16_t> Field::number(std::uint16_t low, std::uint16_t high) const {
  if (!readable()) return std::nullopt;
  const std::string wanted = "expected a number from " + std::to_string(low) + " to " + std::to_string(high);
  if (absent()) return complain(wanted);
  if (!is_number()) return complain(wanted + ", not " + describe(*node_));
  const std::string& digits = node_->text;
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool decimal = end == digits.data() + digits.size() && (digits.front() != '0' || digits.size() == 1);
  if (error != std::errc{} || !decimal || value < low || value > high) {
    return complain(wanted + " in plain decimal, not " + in_quotes(digits));
  }
  return value;
}

std::optional<std::uint64_t> Field::count() const {
  if (!is_number()) return std::nullopt;
  const std::string& digits = node_->text;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
}

std::optional<bool> Field::boolean_or(bool fallback) const {
  if (!readable()) return std::nullopt;
  if (absent()) return fallback;
  const bool boolean = node_->kind == Node::Kind::scalar && scalar_type(*node_) == ScalarType::boolean;
  if (!boolean) return complain("expected true or false, not " + describe(*node_));
  return is_true(node_->text);
}

std::nullopt_t Field::complain(std::string message) const {
  if (!complaint_->has_value()) *complaint_ = Complaint{line_, path_, std::move(message)};
  return std::nullopt;
}

Field Field::reporting_to(std::optional<Complaint>& complaint) const {
  Field same = *this;
  same.complaint_ = &complaint;
  return same;
}

}  // namespace selvage::k8s_client
