#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace selvage::k8s_client {

/// Seconds since the Unix epoch of an RFC 3339 time such as "2024-05-01T10:00:00Z" or
/// "2024-05-01T12:00:00.5+02:00" (metav1.Time); nothing if `text` is no such time.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp(std::string_view text);

}  // namespace selvage::k8s_client
