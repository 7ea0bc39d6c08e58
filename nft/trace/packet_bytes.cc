#include "nft/trace/packet_bytes.h"

#include "nft/model/fields.h"

namespace selvage::nft {
namespace {

constexpr std::uint16_t kEtherTypeIp = 0x0800;
constexpr std::uint16_t kEtherTypeIp6 = 0x86dd;
constexpr char kNfprotoIpv4 = 2;
constexpr char kNfprotoBridge = 7;
constexpr char kNfprotoIpv6 = 10;
constexpr std::uint32_t kStateInvalid = 1;

bool is_v4(const Packet& packet) { return packet.source.family() == IpFamily::v4; }

void put16(std::string& bytes, std::size_t offset, std::uint16_t value) {
  bytes[offset] = static_cast<char>(value >> 8);
  bytes[offset + 1] = static_cast<char>(value & 0xff);
}

std::string link_header(const Packet& packet) {
  std::string bytes(14, '\0');
  put16(bytes, 12, ether_type_of(packet));
  return bytes;
}

/// RFC 791 section 3.1 or RFC 8200 section 3, with the fields that a Packet has.
std::string network_header(const Packet& packet) {
  if (is_v4(packet)) {
    std::string bytes(12, '\0');
    bytes[0] = 0x45;
    bytes[8] = static_cast<char>(packet.hop_limit);
    bytes[9] = static_cast<char>(packet.protocol);
    return bytes + packet.source.key() + packet.destination.key();
  }
  std::string bytes(8, '\0');
  bytes[0] = 0x60;
  bytes[6] = static_cast<char>(packet.protocol);
  bytes[7] = static_cast<char>(packet.hop_limit);
  return bytes + packet.source.key() + packet.destination.key();
}

std::string transport_header(const Packet& packet) {
  if (!packet.destination_port && !packet.icmp_type) return {};
  std::string bytes(8, '\0');
  if (packet.destination_port) put16(bytes, 2, *packet.destination_port);
  if (packet.icmp_type) bytes[0] = static_cast<char>(*packet.icmp_type);
  return bytes;
}

std::string header(const Packet& packet, PayloadBase base) {
  if (base == PayloadBase::link) return link_header(packet);
  return base == PayloadBase::network ? network_header(packet) : transport_header(packet);
}

std::string name_bytes(std::string name) {
  name.resize(16, '\0');
  return name;
}

char nfproto(const Packet& packet, TableFamily family) {
  if (family == TableFamily::bridge) return kNfprotoBridge;
  return is_v4(packet) ? kNfprotoIpv4 : kNfprotoIpv6;
}

/// With br_netfilter, inet hooks see the bridge in place of its ports.
bool behind_bridge(const Packet& packet, TableFamily family) {
  return packet.bridged && family == TableFamily::inet && !packet.bridge.empty();
}

}  // namespace

std::uint16_t ether_type_of(const Packet& packet) {
  return packet.ether_type.value_or(is_v4(packet) ? kEtherTypeIp : kEtherTypeIp6);
}

bool is_ip(const Packet& packet) {
  return ether_type_of(packet) == kEtherTypeIp || ether_type_of(packet) == kEtherTypeIp6;
}

std::optional<std::string> read(const Packet& packet, TableFamily family, const Meta& meta) {
  const bool behind = behind_bridge(packet, family);
  switch (meta.key) {
    case MetaKey::nfproto:
      return std::string(1, nfproto(packet, family));
    case MetaKey::l4proto:
      if (!is_ip(packet)) return std::nullopt;
      return std::string(1, static_cast<char>(packet.protocol));
    case MetaKey::iifname:
      return name_bytes(behind ? packet.bridge : packet.iifname);
    case MetaKey::oifname:
      return name_bytes(behind ? packet.bridge : packet.oifname);
    case MetaKey::bri_iifname:
      if (family != TableFamily::bridge || packet.bridge.empty()) return std::nullopt;
      return name_bytes(packet.bridge);
    case MetaKey::iifkind:
      if (!behind && packet.iifkind.empty()) return std::nullopt;
      return name_bytes(behind ? "bridge" : packet.iifkind);
  }
  return std::nullopt;
}

std::optional<std::string> read(const Packet& packet, TableFamily, const Payload& payload) {
  if (payload.base != PayloadBase::link && !is_ip(packet)) return std::nullopt;
  const std::string bytes = header(packet, payload.base);
  if (bytes.size() < std::size_t{payload.offset} + payload.length) return std::nullopt;
  return bytes.substr(payload.offset, payload.length);
}

std::optional<std::string> read(const Packet& packet, TableFamily, const Ct& ct) {
  if (ct.key == CtKey::state) return host_order(packet.tracking ? packet.tracking->state : kStateInvalid);
  if (!packet.tracking) return std::nullopt;
  if (ct.key == CtKey::status) return host_order(packet.tracking->status);
  if (ct.key == CtKey::direction) return std::string(1, packet.tracking->reply ? '\1' : '\0');
  return packet.tracking->id;
}

}  // namespace selvage::nft
