#pragma once

#include <cstdint>
#include <string_view>

#include "k8s_client/decode/node.h"

namespace selvage::k8s_client {

/// Types of scalars, as Kubernetes' YAML reader has them (go-yaml 2, close to YAML 1.1).
enum class ScalarType : std::uint8_t { text, boolean, number };

/// The type of `scalar`. Text in quotes is text; plain "yes", "on", "n" are booleans; "80", "0x50",
/// "1_000", "1e3" and ".inf" are numbers.
[[nodiscard]] ScalarType scalar_type(const Node& scalar);

/// The value of a plain boolean.
[[nodiscard]] bool is_true(std::string_view boolean);

}  // namespace selvage::k8s_client
