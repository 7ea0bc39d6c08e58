#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "netlink/attributes.h"
#include "nft/model/table.h"

/// nft(8)'s own data for an object (NFTA_*_USERDATA): entries of a type byte, a length byte and a value
/// (libnftnl/udata.h). The kernel does not interpret them.
namespace selvage::nft {

/// The entry `type` with the comment (made printable) and its NUL; nothing when it is empty.
[[nodiscard]] std::string comment_userdata(std::uint8_t type, std::string_view comment);
/// For a set: byte order of the key, the expression by which nft names the type, and the comment.
[[nodiscard]] std::string set_userdata(const SetSpec& spec);
/// The comment in the entry `type` of someone's userdata; empty when there is none.
[[nodiscard]] std::string comment_of(netlink::Bytes userdata, std::uint8_t type);

}  // namespace selvage::nft
