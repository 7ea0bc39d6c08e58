#include "host/decode_packet_log.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>

#include <algorithm>

namespace selvage::host {
namespace {

/// struct nfulnl_msg_packet_timestamp: seconds and microseconds, 8 bytes each.
std::optional<WallTime> read_time(netlink::Bytes value) {
  if (value.size() != sizeof(nfulnl_msg_packet_timestamp)) return std::nullopt;
  constexpr std::uint64_t kMaxSeconds = 1ULL << 33U;  // the year 2242; more does not fit the clock's nanoseconds
  const std::uint64_t seconds = *netlink::read_be64(value.first(8));
  const std::uint64_t micros = *netlink::read_be64(value.subspan(8));
  if (seconds == 0 || seconds >= kMaxSeconds || micros >= 1'000'000) return std::nullopt;
  return WallTime(std::chrono::seconds(seconds) + std::chrono::microseconds(micros));
}

}  // namespace

std::optional<LoggedPacket> decode_logged_packet(netlink::Bytes payload) {
  const netlink::Attributes message(payload.subspan(std::min(payload.size(), sizeof(nfgenmsg))));
  const auto headers = decode_headers(message.find(NFULA_PAYLOAD));
  if (!headers) return std::nullopt;
  LoggedPacket packet;
  packet.prefix = netlink::read_string(message.find(NFULA_PREFIX));
  packet.when = read_time(message.find(NFULA_TIMESTAMP));
  packet.in_interface = netlink::read_be32(message.find(NFULA_IFINDEX_INDEV)).value_or(0);
  packet.out_interface = netlink::read_be32(message.find(NFULA_IFINDEX_OUTDEV)).value_or(0);
  packet.headers = *headers;
  packet.sequence = netlink::read_be32(message.find(NFULA_SEQ));
  return packet;
}

}  // namespace selvage::host
