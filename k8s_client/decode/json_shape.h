#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "k8s_client/api/resource.h"

namespace selvage::k8s_client {

/// Which part of a JSON value is read, for all that policy needs of it: a tree of keys. A list is
/// looked through: what stands here goes for each of its items.
struct JsonShape {
  /// What becomes of an object's members that are not in `members`.
  enum class Others : std::uint8_t {
    left_out,  ///< nothing, whatever they hold
    named,     ///< a key with a null: enough for Field::has_only
    read,      ///< read whole
  };

  std::string_view key;
  const JsonShape* members = nullptr;
  std::size_t member_count = 0;
  Others others = Others::left_out;

  /// What to read of the member `name`; nullptr: nothing, or (`Others::named`) only its name.
  [[nodiscard]] const JsonShape* find(std::string_view name) const;
  /// One value and no more: what a mapping or a list in its place holds does not matter.
  [[nodiscard]] bool is_leaf() const { return member_count == 0 && others == Others::left_out; }
};

/// An object of the resource; and what a bookmark has more, and metav1.Status.
[[nodiscard]] const JsonShape& object_shape(Resource resource);
/// A metav1.WatchEvent of the resource.
[[nodiscard]] const JsonShape& event_shape(Resource resource);
/// A metav1.Status.
[[nodiscard]] const JsonShape& status_shape();
/// A list without its items.
[[nodiscard]] const JsonShape& list_shape();

}  // namespace selvage::k8s_client
