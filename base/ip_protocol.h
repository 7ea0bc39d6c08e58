#pragma once

#include <cstdint>

/// Numbers of the IPv4 field "protocol" and the IPv6 field "next header", as IANA assigns them ("Assigned Internet
/// Protocol Numbers"); the same as IPPROTO_... in <netinet/in.h>, as bytes.
namespace selvage::ip_protocol {

inline constexpr std::uint8_t kHopByHop = 0;  ///< IPv6 extension header
inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kRouting = 43;   ///< IPv6 extension header
inline constexpr std::uint8_t kFragment = 44;  ///< IPv6 extension header
inline constexpr std::uint8_t kEsp = 50;
inline constexpr std::uint8_t kAuthentication = 51;  ///< extension header of both families
inline constexpr std::uint8_t kIcmpv6 = 58;
inline constexpr std::uint8_t kDestinationOptions = 60;  ///< IPv6 extension header
inline constexpr std::uint8_t kSctp = 132;

/// Whether NetworkPolicy has ports for this protocol: TCP, UDP and SCTP. Each begins with the source and the
/// destination port, 16 bits in network order.
[[nodiscard]] constexpr bool has_ports(std::uint8_t protocol) {
  return protocol == kTcp || protocol == kUdp || protocol == kSctp;
}

/// ICMP of either family. Its first byte is the type.
[[nodiscard]] constexpr bool is_icmp(std::uint8_t protocol) { return protocol == kIcmp || protocol == kIcmpv6; }

}  // namespace selvage::ip_protocol
