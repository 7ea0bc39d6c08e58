#pragma once

#include <array>
#include <cstddef>

#include "policy/compile/node_policy.h"

namespace selvage::policy {

/// Sums over the pods of this node, updated with each change, so that reading them walks no pods.
struct LocalCounts {
  std::array<std::size_t, 2> addresses{};    ///< v4 and v6, of pods, whether or not another pod owns them
  std::array<std::size_t, 2> isolated{};     ///< pods by Direction, those without an address included
  std::array<std::size_t, 4> permissions{};  ///< by PortKind

  LocalCounts& operator+=(const LocalCounts& other);
  /// `other` must have been added before.
  LocalCounts& operator-=(const LocalCounts& other);
  friend bool operator==(const LocalCounts&, const LocalCounts&) = default;
};

}  // namespace selvage::policy
