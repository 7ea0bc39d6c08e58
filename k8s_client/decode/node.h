#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace selvage::k8s_client {

/// One value of a YAML or JSON document. Aliases have been replaced by their values.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  bool plain = false;      ///< a scalar without quotes, which may be a number or a boolean
  std::uint32_t line = 0;  ///< 1-based, in the file
  std::string text;        ///< of a scalar
  /// The items of a sequence. For a mapping: key, value, key, value, ... in file order, repeated keys included; keys
  /// are scalars or null.
  std::vector<Node> children;
};

}  // namespace selvage::k8s_client
