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

/// The first error in an object; later ones are dropped.
struct Complaint {
  std::size_t line = 0;  ///< 1-based, in the file
  std::string field;     ///< "spec.ingress[0].from"
  std::string message;   ///< what was expected
};

/// A value in an object, with its path, for decoders to read. Readers return nothing when the value has another type,
/// after they set the object's complaint. A null counts as an absent field, as in Go's decoders.
///
/// A view: the nodes and the complaint must outlive it.
class Field {
 public:
  /// A whole object. The first error sets `complaint`.
  Field(const Node& object, std::optional<Complaint>& complaint);

  [[nodiscard]] bool absent() const { return node_ == nullptr || node_->kind == Node::Kind::null; }
  [[nodiscard]] std::size_t line() const { return line_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The field `key` of a mapping; absent if this is no mapping. If it is there twice that is a complaint, and every
  /// reader fails on it.
  [[nodiscard]] Field operator[](std::string_view key) const;
  /// Whether this is a mapping; false with a complaint.
  [[nodiscard]] bool is_mapping() const;
  /// Same, but true if absent.
  [[nodiscard]] bool is_mapping_or_absent() const;
  /// Whether this is absent, or a mapping with no repeated key and only keys of `known`; false with a complaint.
  [[nodiscard]] bool has_only(std::initializer_list<std::string_view> known) const;

  /// The items of a list; empty if absent. Nothing if this is no list.
  [[nodiscard]] std::optional<std::vector<Field>> items() const;
  struct Entry;
  /// Keys and values of a mapping of strings, in file order; empty if absent.
  [[nodiscard]] std::optional<std::vector<Entry>> entries() const;

  /// A string; nothing, with a complaint, if absent or if plain YAML reads it as another type (true, 80, 1e3).
  [[nodiscard]] std::optional<std::string> text() const;
  /// Same, but `fallback` if absent.
  [[nodiscard]] std::optional<std::string> text_or(std::string_view fallback) const;
  /// Whether this is a scalar that is a number of any kind.
  [[nodiscard]] bool is_number() const;
  /// A whole decimal number from `low` to `high`; nothing, with a complaint, otherwise.
  [[nodiscard]] std::optional<std::uint16_t> number(std::uint16_t low, std::uint16_t high) const;
  /// A whole decimal number of any size; nothing, without a complaint, if it is anything else.
  [[nodiscard]] std::optional<std::uint64_t> count() const;
  /// true or false; `fallback` if absent.
  [[nodiscard]] std::optional<bool> boolean_or(bool fallback) const;

  /// Sets the complaint, unless there is one, and returns nothing, for any optional.
  std::nullopt_t complain(std::string message) const;
  /// The same value with another complaint, for an item of a list of objects.
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
