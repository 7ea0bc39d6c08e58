#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace selvage::policy {

/// The labels of one object (ObjectMeta.labels), immutable after construction and compact: one
/// allocation for all of them, sorted by key. A value; equal labels compare equal in
/// whatever order they were given.
class Labels {
 public:
  using Pair = std::pair<std::string, std::string>;

  Labels() = default;
  /// Sorts by key; of two pairs with one key the last one given wins. Keys and values must not hold
  /// NUL characters (the API forbids them; decoders refuse them).
  explicit Labels(std::vector<Pair> pairs);
  Labels(std::initializer_list<Pair> pairs) : Labels(std::vector<Pair>(pairs)) {}

  /// The value of `key`; a view that lives as long as this object.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const;
  [[nodiscard]] bool empty() const { return packed_.empty(); }
  [[nodiscard]] std::vector<Pair> pairs() const;
  /// The packed form, "key\0value\0key\0value\0": a key for interning.
  [[nodiscard]] const std::string& packed() const { return packed_; }

  friend bool operator==(const Labels&, const Labels&) = default;
  friend auto operator<=>(const Labels&, const Labels&) = default;

 private:
  std::string packed_;
};

}  // namespace selvage::policy
