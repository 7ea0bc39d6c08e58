#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace selvage::k8s_client {

/// One value of a YAML or JSON document. Aliases are already replaced by what they stand for.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  bool plain = false;      ///< a scalar without quotes: a number or a boolean where it reads as one
  std::uint32_t line = 0;  ///< 1-based, in the file
  std::string text;        ///< of a scalar
  /// The items of a sequence; of a mapping key, value, key, value, ... in file order, repeated keys
  /// included. Keys are scalars or null.
  std::vector<Node> children;
};

}  // namespace selvage::k8s_client
