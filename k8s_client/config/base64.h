#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace selvage::k8s_client {

/// Decodes base64 (RFC 4648 section 4, padded) as Go's base64.StdEncoding does, which Kubernetes uses:
/// CR and LF count for nothing, any other character outside of the alphabet is a fault.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace selvage::k8s_client
