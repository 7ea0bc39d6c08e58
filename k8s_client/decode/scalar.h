#pragma once

#include <cstdint>
#include <string_view>

#include "k8s_client/decode/node.h"

namespace selvage::k8s_client {

/// What Kubernetes' YAML reader (go-yaml 2, close to YAML 1.1) makes of a scalar.
enum class ScalarType : std::uint8_t { text, boolean, number };

/// The type of `scalar`. Text in quotes is text; plain "yes", "on", "n" are booleans; "80", "0x50",
/// "1_000", "1e3" and ".inf" are numbers.
[[nodiscard]] ScalarType scalar_type(const Node& scalar);

/// Whether a plain boolean stands for true.
[[nodiscard]] bool is_true(std::string_view boolean);

}  // namespace selvage::k8s_client
