#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s_client/decode/node.h"

namespace selvage::k8s_client {

/// The first thing that is wrong in one object; later ones are dropped.
struct Complaint {
  std::size_t line = 0;  ///< 1-based, in the file
  std::string field;     ///< "spec.ingress[0].from"
  std::string message;   ///< what was expected
};

/// A value in an object, with the path that leads to it: what decoders read from. Readers return
/// nothing where the value is not what they ask for, after a note to the object's complaint. A null
/// is the same as a field that is not there, as Go's decoders have it.
///
/// A view: the nodes and the complaint must outlive it.
class Field {
 public:
  /// A whole object. `complaint` is set by whatever is found wrong first.
  Field(const Node& object, std::optional<Complaint>& complaint);

  [[nodiscard]] bool absent() const { return node_ == nullptr || node_->kind == Node::Kind::null; }
  [[nodiscard]] std::size_t line() const { return line_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The field `key` of a mapping, absent where this is none. Given twice it is a complaint, and
  /// every reader fails on it.
  [[nodiscard]] Field operator[](std::string_view key) const;
  /// Whether this is a mapping; false with a complaint.
  [[nodiscard]] bool is_mapping() const;
  /// Same, but absent is fine.
  [[nodiscard]] bool is_mapping_or_absent() const;
  /// False, with a complaint, where this is no mapping (absent is fine), where a key is there twice
  /// or is not one of `known`.
  [[nodiscard]] bool has_only(std::initializer_list<std::string_view> known) const;

  /// The items of a list; none where absent. Nothing where this is no list.
  [[nodiscard]] std::optional<std::vector<Field>> items() const;
  struct Entry;
  /// Keys and values of a mapping of strings, in file order; none where absent.
  [[nodiscard]] std::optional<std::vector<Entry>> entries() const;

  /// A string; nothing, with a complaint, where absent or where plain YAML reads it as something
  /// else (true, 80, 1e3).
  [[nodiscard]] std::optional<std::string> text() const;
  /// Same, but `fallback` where absent.
  [[nodiscard]] std::optional<std::string> text_or(std::string_view fallback) const;
  /// Whether this is a scalar that stands for a number (of any kind).
  [[nodiscard]] bool is_number() const;
  /// A whole decimal number from `low` to `high`; nothing, with a complaint, otherwise.
  [[nodiscard]] std::optional<std::uint16_t> number(std::uint16_t low, std::uint16_t high) const;
  /// A whole decimal number of any size; nothing, without a complaint, where this is none.
  [[nodiscard]] std::optional<std::uint64_t> count() const;
  /// true or false; `fallback` where absent.
  [[nodiscard]] std::optional<bool> boolean_or(bool fallback) const;

  /// Notes that this is not what was expected, and returns nothing, for any optional.
  std::nullopt_t complain(std::string message) const;
  /// The same place, with another complaint to note things in (an item of a list of objects).
  [[nodiscard]] Field reporting_to(std::optional<Complaint>& complaint) const;

 private:
  Field(const Node* node, std::size_t line, std::string path, std::optional<Complaint>* complaint)
      : node_(node), line_(line), path_(std::move(path)), complaint_(complaint) {}
  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] bool is_mapping_node() const;
  [[nodiscard]] bool readable() const;

  const Node* node_ = nullptr;  ///< nullptr: absent
  std::size_t line_ = 0;
  std::string path_;
  std::optional<Complaint>* complaint_;
  bool repeated_ = false;
};

struct Field::Entry {
  std::string key;
  Field value;
};

}  // namespace selvage::k8s_client
