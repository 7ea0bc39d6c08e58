#pragma once

#include <string>
#include <string_view>

namespace selvage {

/// A short name for a long text: the first 80 bits of its SHA-256 as 16 characters of [a-z2-7]
/// (RFC 4648 base32, lower case). Depends on the text alone, so names agree across restarts and
/// nodes. A user cannot write a selector that gets the name of another one: that would take a
/// second preimage of 80 bits.
[[nodiscard]] std::string name_hash(std::string_view text);

}  // namespace selvage
