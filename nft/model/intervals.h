#pragma once

#include <map>
#include <string>

#include "nft/model/table.h"

/// Ranges in interval sets.
namespace selvage::nft {

/// Whether both ends are present, have the right size, and are ordered in every field.
[[nodiscard]] bool is_range(const SetSpec& spec, const ElementKey& key);

/// Finds elements of an interval set that overlap a range. Sublinear in the cases that matter: a single field, and
/// concatenations whose first field is one value.
class OverlapFinder {
 public:
  using Elements = std::map<ElementKey, ElementData>;

  /// Both must outlive this object. `elements` may change between two calls; each added key must have been
  /// passed to `find` before.
  OverlapFinder(const SetSpec& spec, const Elements& elements);

  /// An element that has a value in common with `key` (in every field of a concatenation), or null.
  const Elements::value_type* find(const ElementKey& key);
  /// The element that holds the one value `key`, laid out as ElementKey::first, or null.
  const Elements::value_type* find(const std::string& key) { return find(ElementKey{key, key}); }

 private:
  [[nodiscard]] const Elements::value_type* find_single(const ElementKey& key) const;
  [[nodiscard]] const Elements::value_type* find_concatenated(const ElementKey& key) const;
  [[nodiscard]] bool is_narrow(const ElementKey& key) const;

  const SetSpec& spec_;
  const Elements& elements_;
  std::size_t first_size_;  ///< bytes of the first field, padded
  /// Each element has one value in its first field, so elements that can overlap are neighbours.
  bool narrow_;
};

}  // namespace selvage::nft
