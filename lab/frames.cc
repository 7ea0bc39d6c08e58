#include "lab/frames.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/ip_protocol.h"

namespace selvage::lab {
namespace {

void put16(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8 & 0xffU);
  out += static_cast<char>(value & 0xffU);
}

/// RFC 1071.
unsigned internet_checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint32_t byte = static_cast<std::uint8_t>(bytes[i]);
    sum += i % 2 == 0 ? byte << 8 : byte;
  }
  while (sum >> 16 != 0) sum = (sum & 0xffffU) + (sum >> 16);
  return ~sum & 0xffffU;
}

void set_checksum(std::string& bytes, std::size_t at, unsigned checksum) {
  bytes[at] = static_cast<char>(checksum >> 8);
  bytes[at + 1] = static_cast<char>(checksum & 0xffU);
}

/// Source, destination and protocol, which both the IP header and the upper checksum contain.
struct Parties {
  const IpAddress& from;
  const IpAddress& to;
  std::uint8_t protocol;
};

/// Fills in the checksum at `at` of an upper-layer packet (RFC 8200, 8.1).
void checksum_upper(const Parties& parties, std::string& upper, std::size_t at) {
  std::string pseudo = parties.from.key() + parties.to.key();
  put16(pseudo, parties.protocol);
  put16(pseudo, static_cast<unsigned>(upper.size()));
  set_checksum(upper, at, internet_checksum(pseudo + upper));
}

std::string ip_packet(const Parties& parties, std::uint8_t hop_limit, const std::string& upper) {
  std::string header;
  if (parties.from.family() == IpFamily::v6) {
    put16(header, 0x6000);
    put16(header, 0);
    put16(header, static_cast<unsigned>(upper.size()));
    header += static_cast<char>(parties.protocol);
    header += static_cast<char>(hop_limit);
    return header + parties.from.key() + parties.to.key() + upper;
  }
  put16(header, 0x4500);
  put16(header, static_cast<unsigned>(20 + upper.size()));
  put16(header, 0);
  put16(header, 0);
  header += static_cast<char>(hop_limit);
  header += static_cast<char>(parties.protocol);
  put16(header, 0);
  header += parties.from.key() + parties.to.key();
  set_checksum(header, 10, internet_checksum(header));
  return header + upper;
}

/// The address that an interface forms of its MAC address (RFC 4291, appendix A).
IpAddress link_local_of(const MacAddress& mac) {
  const std::array<std::uint8_t, 16> bytes{
      0xfe,   0x80,   0,    0,    0,      0,      0,     0, static_cast<std::uint8_t>(mac[0] ^ 2U),
      mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]};
  return IpAddress::from_bytes(IpFamily::v6, bytes.data());
}

Result<UniqueFd> packet_socket(const Namespace& where, const std::string& interface) {
  const Result<Interface> at = interface_of(where, interface);
  if (!at) return tl::unexpected<Error>(at.error());
  Result<UniqueFd> fd = where.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
  if (!fd) return fd;
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(at->index);
  if (bind(fd->get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return fail_errno("packet socket on " + interface + " in " + where.name(), errno);
  return fd;
}

}  // namespace

Result<Interface> interface_of(const Namespace& where, const std::string& name) {
  const Result<UniqueFd> fd = where.socket(AF_INET, SOCK_DGRAM);
  if (!fd) return tl::unexpected<Error>(fd.error());
  ifreq request{};
  name.copy(request.ifr_name, sizeof request.ifr_name - 1);
  Interface found;
  if (ioctl(fd->get(), SIOCGIFINDEX, &request) != 0) return fail_errno(name + " in " + where.name(), errno);
  found.index = static_cast<unsigned>(request.ifr_ifindex);
  if (ioctl(fd->get(), SIOCGIFHWADDR, &request) != 0) return fail_errno(name + " in " + where.name(), errno);
  std::memcpy(found.mac.data(), request.ifr_hwaddr.sa_data, found.mac.size());
  found.link_local = link_local_of(found.mac);
  return found;
}

std::string udp_packet(const Endpoint& from, const Endpoint& to, std::string_view payload) {
  const Parties parties{from.address, to.address, ip_protocol::kUdp};
  std::string upper;
  put16(upper, from.port);
  put16(upper, to.port);
  put16(upper, static_cast<unsigned>(8 + payload.size()));
  put16(upper, 0);
  upper += payload;
  checksum_upper(parties, upper, 6);
  return ip_packet(parties, 64, upper);
}

std::string neighbour_advertisement(const IpAddress& from, const IpAddress& to, const IpAddress& target,
                                    std::uint8_t hop_limit, const MacAddress& claimed) {
  const Parties parties{from, to, ip_protocol::kIcmpv6};
  std::string upper{static_cast<char>(136), '\0', '\0', '\0', '\x20', '\0', '\0', '\0'};  // override flag
  upper += target.key();
  upper += "\x02\x01";  // target link-layer address option, one unit of eight bytes
  upper.append(claimed.begin(), claimed.end());
  checksum_upper(parties, upper, 2);
  return ip_packet(parties, hop_limit, upper);
}

std::string ethernet(const MacAddress& from, const MacAddress& to, std::string_view packet, int vlan) {
  std::string frame(to.begin(), to.end());
  frame.append(from.begin(), from.end());
  if (vlan >= 0) {
    put16(frame, ETH_P_8021Q);
    put16(frame, static_cast<unsigned>(vlan));
  }
  put16(frame, (static_cast<unsigned>(packet[0]) & 0xf0U) == 0x40 ? ETH_P_IP : ETH_P_IPV6);
  return frame + std::string(packet);
}

Result<void> send_frame(const Namespace& where, const std::string& interface, std::string_view frame) {
  const Result<UniqueFd> fd = packet_socket(where, interface);
  if (!fd) return tl::unexpected<Error>(fd.error());
  if (send(fd->get(), frame.data(), frame.size(), 0) < 0) return fail_errno("send a frame in " + where.name(), errno);
  return {};
}

Result<Sniffer> Sniffer::open(const Namespace& where, const std::string& interface) {
  Result<UniqueFd> fd = packet_socket(where, interface);
  if (!fd) return tl::unexpected<Error>(fd.error());
  return Sniffer(std::move(*fd));
}

bool Sniffer::saw(std::string_view token, milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::array<char, 4096> buffer;
  while (true) {
    sockaddr_ll from{};
    socklen_t size = sizeof from;
    const ssize_t n = recvfrom(fd_.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (n >= 0) {
      const std::string_view frame(buffer.data(), static_cast<std::size_t>(n));
      if (from.sll_pkttype != PACKET_OUTGOING && frame.find(token) != std::string_view::npos) return true;
      continue;
    }
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd entry{fd_.get(), POLLIN, 0};
    if (left <= 0 || poll(&entry, 1, static_cast<int>(left)) != 1) return false;
  }
}

}  // namespace selvage::lab
