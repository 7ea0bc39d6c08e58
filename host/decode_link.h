#pragma once

#include <optional>

#include "host/bridges.h"
#include "netlink/attributes.h"

/// Decoders of rtnetlink's messages. Payloads are everything after nlmsghdr; any bytes are accepted.
namespace selvage::host {

/// RTM_NEWLINK of a bridge, without its addresses; nothing for any other link.
[[nodiscard]] std::optional<Bridge> decode_bridge(netlink::Bytes payload);

struct LinkAddress {
  int link = 0;  ///< index
  IpPrefix subnet;
};
/// RTM_NEWADDR; nothing for link-local addresses (169.254.0.0/16, fe80::/10) and other families.
[[nodiscard]] std::optional<LinkAddress> decode_address(netlink::Bytes payload);

}  // namespace selvage::host
