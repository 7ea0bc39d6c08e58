#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace selvage::k8s_client {

/// The parts of a JSON value that are read, as a tree of keys: the fields that decoders need. For a list, the shape
/// applies to each of its items.
struct JsonShape {
  /// The treatment of members that are not in `members`.
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
  /// A single value: the contents of a mapping or a list in its place do not matter.
  [[nodiscard]] bool is_leaf() const { return member_count == 0 && others == Others::left_out; }
};

/// The shapes of one kind of object. Both include the fields of bookmarks and of a metav1.Status, which watches send in
/// an object's place.
struct ObjectShapes {
  JsonShape object;  ///< of an item of a list
  JsonShape event;   ///< of a metav1.WatchEvent
};

extern const ObjectShapes kNamespaceShapes;
extern const ObjectShapes kPodShapes;
extern const ObjectShapes kNetworkPolicyShapes;

/// A metav1.Status.
[[nodiscard]] const JsonShape& status_shape();
/// A list without its items.
[[nodiscard]] const JsonShape& list_shape();
/// A metav1.APIGroupList.
[[nodiscard]] const JsonShape& group_list_shape();

}  // namespace selvage::k8s_client
