#pragma once

#include <cstdint>
#include <optional>

#include "base/ip_address.h"
#include "netlink/attributes.h"

namespace selvage::host {

/// The fields of an IP packet that policy looks at, and its length. Ports are in host order.
struct PacketHeaders {
  IpAddress source;  ///< its family is the packet's
  IpAddress destination;
  std::uint8_t protocol = 0;                      ///< IANA number; in IPv6, after the extension headers
  std::optional<std::uint16_t> source_port;       ///< of TCP, UDP and SCTP
  std::optional<std::uint16_t> destination_port;  ///< likewise
  std::optional<std::uint8_t> icmp_type;          ///< of ICMP and ICMPv6
  std::uint32_t length = 0;                       ///< bytes of the whole packet, as its header says

  friend bool operator==(const PacketHeaders&, const PacketHeaders&) = default;
};

/// Decodes the beginning of an IPv4 or IPv6 packet (RFC 791, RFC 8200); nothing when the addresses are cut off. Fields
/// that are cut off, or in an earlier fragment, stay empty. Accepts any bytes.
[[nodiscard]] std::optional<PacketHeaders> decode_headers(netlink::Bytes packet);

}  // namespace selvage::host
