#include "host/packet_headers.h"

#include <algorithm>

#include "base/ip_protocol.h"

namespace selvage::host {
namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;

/// The transport header, and its protocol.
struct Transport {
  std::uint8_t protocol = 0;
  netlink::Bytes header;  ///< empty when it is not in the packet
};

std::uint16_t big_endian16(netlink::Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

netlink::Bytes behind(netlink::Bytes bytes, std::size_t size) { return bytes.subspan(std::min(size, bytes.size())); }

bool is_extension(std::uint8_t protocol) {
  using namespace ip_protocol;
  return protocol == kHopByHop || protocol == kRouting || protocol == kFragment || protocol == kAuthentication ||
         protocol == kDestinationOptions;
}

/// Size of an extension header in bytes: a fragment header has 8, AH as in RFC 4302 section 2.2.
std::size_t extension_size(std::uint8_t protocol, std::uint8_t length) {
  if (protocol == ip_protocol::kFragment) return 8;
  return protocol == ip_protocol::kAuthentication ? (length + std::size_t{2}) * 4 : (length + std::size_t{1}) * 8;
}

/// Skips the headers that the kernel skips for `meta l4proto` (ipv6_find_hdr).
Transport behind_extensions(std::uint8_t protocol, netlink::Bytes rest) {
  while (is_extension(protocol) && rest.size() >= 8) {
    const bool later_fragment = protocol == ip_protocol::kFragment && (big_endian16(rest, 2) & 0xfff8U) != 0;
    const std::uint8_t next = rest[0];
    if (later_fragment) return {next, {}};
    rest = behind(rest, extension_size(protocol, rest[1]));
    protocol = next;
  }
  if (is_extension(protocol)) return {protocol, {}};
  return {protocol, rest};
}

void read_transport(const Transport& transport, PacketHeaders& headers) {
  headers.protocol = transport.protocol;
  if (ip_protocol::has_ports(transport.protocol) && transport.header.size() >= 4) {
    headers.source_port = big_endian16(transport.header, 0);
    headers.destination_port = big_endian16(transport.header, 2);
  }
  if (ip_protocol::is_icmp(transport.protocol) && !transport.header.empty()) headers.icmp_type = transport.header[0];
}

std::optional<PacketHeaders> decode_v4(netlink::Bytes packet) {
  const std::size_t size = std::size_t{packet[0] & 0xfU} * 4;
  if (packet.size() < kIpv4Header || size < kIpv4Header) return std::nullopt;
  PacketHeaders headers;
  headers.length = big_endian16(packet, 2);
  headers.source = IpAddress::from_bytes(IpFamily::v4, &packet[12]);
  headers.destination = IpAddress::from_bytes(IpFamily::v4, &packet[16]);
  const bool later_fragment = (big_endian16(packet, 6) & 0x1fffU) != 0;
  read_transport({packet[9], later_fragment ? netlink::Bytes() : behind(packet, size)}, headers);
  return headers;
}

std::optional<PacketHeaders> decode_v6(netlink::Bytes packet) {
  if (packet.size() < kIpv6Header) return std::nullopt;
  PacketHeaders headers;
  headers.length = big_endian16(packet, 4) + std::uint32_t{kIpv6Header};
  headers.source = IpAddress::from_bytes(IpFamily::v6, &packet[8]);
  headers.destination = IpAddress::from_bytes(IpFamily::v6, &packet[24]);
  read_transport(behind_extensions(packet[6], behind(packet, kIpv6Header)), headers);
  return headers;
}

}  // namespace

std::optional<PacketHeaders> decode_headers(netlink::Bytes packet) {
  if (packet.empty()) return std::nullopt;
  const unsigned version = packet[0] >> 4U;
  if (version == 4) return decode_v4(packet);
  return version == 6 ? decode_v6(packet) : std::nullopt;
}

}  // namespace selvage::host
