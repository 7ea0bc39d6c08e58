#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "lab/endpoint.h"
#include "lab/netns.h"

/// Packets made by hand, for what no ordinary socket sends.
namespace selvage::lab {

using MacAddress = std::array<std::uint8_t, 6>;

/// How an interface looks from within its namespace.
struct Interface {
  unsigned index = 0;
  MacAddress mac{};
  IpAddress link_local;  ///< its fe80:: address
};

Result<Interface> interface_of(const Namespace& where, const std::string& name);

/// A UDP datagram with its IP header and checksums. Ports and families come from the endpoints.
std::string udp_packet(const Endpoint& from, const Endpoint& to, std::string_view payload);
/// An ICMPv6 neighbour advertisement (RFC 4861, 4.4) for `target` with its IPv6 header, which says
/// that `target` is at the MAC address `claimed`.
std::string neighbour_advertisement(const IpAddress& from, const IpAddress& to, const IpAddress& target,
                                    std::uint8_t hop_limit, const MacAddress& claimed);
/// An Ethernet frame around an IP packet, with an 802.1Q tag of `vlan` unless it is negative.
std::string ethernet(const MacAddress& from, const MacAddress& to, std::string_view packet, int vlan = -1);

/// Sends `frame` out of `interface` as it is.
Result<void> send_frame(const Namespace& where, const std::string& interface, std::string_view frame);

/// Sees every frame that arrives at an interface. What arrived since open() is kept until it is asked for.
class Sniffer {
 public:
  static Result<Sniffer> open(const Namespace& where, const std::string& interface);

  /// Whether a frame that holds the bytes `token`, not one that this host sent, arrives within `patience`.
  bool saw(std::string_view token, milliseconds patience);

 private:
  explicit Sniffer(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace selvage::lab
