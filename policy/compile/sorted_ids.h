#pragma once

#include <algorithm>

#include "policy/compile/cells.h"

namespace selvage::policy {

inline void insert_sorted(PredicateIds& ids, PredicateId id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) ids.insert(at, id);
}

/// True when it was there.
inline bool erase_sorted(PredicateIds& ids, PredicateId id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) return false;
  ids.erase(at);
  return true;
}

[[nodiscard]] inline bool holds_sorted(const PredicateIds& ids, PredicateId id) {
  return std::binary_search(ids.begin(), ids.end(), id);
}

}  // namespace selvage::policy
