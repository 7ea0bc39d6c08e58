#pragma once

#include <optional>

#include "host/packet_log.h"
#include "netlink/attributes.h"

namespace selvage::host {

/// The payload (all behind nlmsghdr) of an NFULNL_MSG_PACKET message (linux/netfilter/nfnetlink_log.h); nothing for one
/// that holds no beginning of an IP packet. Survives any bytes.
[[nodiscard]] std::optional<LoggedPacket> decode_logged_packet(netlink::Bytes payload);

}  // namespace selvage::host
