#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace selvage::k8s_client {

/// Decodes base64 (RFC 4648 section 4, padded) like Go's base64.StdEncoding, which Kubernetes uses: CR and LF are
/// ignored, any other character outside of the alphabet is an error.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace selvage::k8s_client
