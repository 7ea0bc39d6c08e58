#pragma once

#include <array>
#include <cstddef>

#include "policy/compile/node_policy.h"

namespace selvage::policy {

/// Sums over the pods of this node, kept up with each change, so that nobody has to walk them.
struct LocalCounts {
  std::array<std::size_t, 2> addresses{};    ///< v4 and v6, of pods, whether or not another pod owns them
  std::array<std::size_t, 2> isolated{};     ///< pods by Direction, those without an address included
  std::array<std::size_t, 4> permissions{};  ///< by PortKind
  friend bool operator==(const LocalCounts&, const LocalCounts&) = default;
};

}  // namespace selvage::policy
