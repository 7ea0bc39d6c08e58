#pragma once

#include <optional>

#include "host/packet_log.h"
#include "netlink/attributes.h"

namespace selvage::host {

/// The payload (everything after nlmsghdr) of an NFULNL_MSG_PACKET message (linux/netfilter/nfnetlink_log.h); nothing
/// when it does not hold the beginning of an IP packet. Accepts any bytes.
[[nodiscard]] std::optional<LoggedPacket> decode_logged_packet(netlink::Bytes payload);

}  // namespace selvage::host
