#pragma once

namespace selvage::k8s_client {

/// Looking this name up never ends: in the programs that link hanging_lookup.cc, getaddrinfo(3) blocks for ever.
inline constexpr const char* kHangingName = "hangs.test";

/// Returns when a lookup of it has begun.
bool wait_for_hanging_lookup();

}  // namespace selvage::k8s_client
