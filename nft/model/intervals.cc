#include "nft/model/intervals.h"

#include <algorithm>
#include <string_view>

#include "nft/model/fields.h"

namespace selvage::nft {
namespace {

std::string_view chunk(const std::string& key, std::size_t offset, std::size_t size) {
  return std::string_view(key).substr(std::min(offset, key.size()), size);
}

/// Whether `holds(first, last, field)` is true of every field, given where its bytes are.
template <class Predicate>
bool every_field(const SetSpec& spec, Predicate holds) {
  std::size_t offset = 0;
  return std::ranges::all_of(spec.key, [&](FieldType type) {
    const std::size_t size = padded(field_size(type));
    offset += size;
    return holds(offset - size, size);
  });
}

bool overlap(const SetSpec& spec, const ElementKey& a, const ElementKey& b) {
  return every_field(spec, [&](std::size_t offset, std::size_t size) {
    return chunk(a.first, offset, size) <= chunk(b.last, offset, size) &&
           chunk(b.first, offset, size) <= chunk(a.last, offset, size);
  });
}

}  // namespace

bool is_range(const SetSpec& spec, const ElementKey& key) {
  if (key.first.size() != key_size(spec.key) || key.last.size() != key.first.size()) return false;
  return every_field(spec, [&](std::size_t offset, std::size_t size) {
    return chunk(key.first, offset, size) <= chunk(key.last, offset, size);
  });
}

OverlapFinder::OverlapFinder(const SetSpec& spec, const Elements& elements)
    : spec_(spec), elements_(elements), first_size_(padded(field_size(spec.key.front()))) {
  narrow_ = std::ranges::all_of(elements, [&](const auto& element) { return is_narrow(element.first); });
}

bool OverlapFinder::is_narrow(const ElementKey& key) const {
  return chunk(key.first, 0, first_size_) == chunk(key.last, 0, first_size_);
}

const OverlapFinder::Elements::value_type* OverlapFinder::find(const ElementKey& key) {
  if (spec_.key.size() == 1) return find_single(key);
  const auto* found = find_concatenated(key);
  narrow_ = narrow_ && is_narrow(key);
  return found;
}

const OverlapFinder::Elements::value_type* OverlapFinder::find_single(const ElementKey& key) const {
  // The elements are disjoint: of those that begin at or before the key's end only the last can reach it.
  const auto after = std::ranges::find_if(elements_.lower_bound(ElementKey{key.last, {}}), elements_.end(),
                                          [&](const auto& element) { return element.first.first > key.last; });
  if (after == elements_.begin()) return nullptr;
  const auto before = std::prev(after);
  return before->first.last >= key.first ? &*before : nullptr;
}

const OverlapFinder::Elements::value_type* OverlapFinder::find_concatenated(const ElementKey& key) const {
  const bool side_by_side = narrow_ && is_narrow(key);
  const std::string_view prefix = chunk(key.first, 0, first_size_);
  auto at = side_by_side ? elements_.lower_bound(ElementKey{std::string(prefix), {}}) : elements_.begin();
  for (; at != elements_.end(); ++at) {
    if (side_by_side && chunk(at->first.first, 0, first_size_) != prefix) break;
    if (overlap(spec_, at->first, key)) return &*at;
  }
  return nullptr;
}

}  // namespace selvage::nft
