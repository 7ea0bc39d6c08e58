#include "host/decode_link.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace selvage::host {
namespace {

/// The fixed part at the front of a payload; nothing when it is too short.
template <class Header>
std::optional<Header> read_header(netlink::Bytes payload) {
  if (payload.size() < sizeof(Header)) return std::nullopt;
  Header header;
  std::memcpy(&header, payload.data(), sizeof(header));
  return header;
}

template <class Header>
netlink::Attributes attributes_behind(netlink::Bytes payload) {
  return netlink::Attributes(payload.subspan(std::min<std::size_t>(payload.size(), NLMSG_ALIGN(sizeof(Header)))));
}

bool is_on(netlink::Bytes value) { return value.size() == 1 && value[0] != 0; }

bool is_link_local(const IpAddress& address) {
  const std::uint8_t* bytes = address.data();
  if (address.family() == IpFamily::v4) return bytes[0] == 169 && bytes[1] == 254;
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

std::optional<IpAddress> read_address(const ifaddrmsg& header, netlink::Bytes value) {
  if (header.ifa_family == AF_INET && value.size() == 4) return IpAddress::from_bytes(IpFamily::v4, value.data());
  if (header.ifa_family == AF_INET6 && value.size() == 16) return IpAddress::from_bytes(IpFamily::v6, value.data());
  return std::nullopt;
}

}  // namespace

std::optional<Bridge> decode_bridge(netlink::Bytes payload) {
  const auto header = read_header<ifinfomsg>(payload);
  const netlink::Attributes link = attributes_behind<ifinfomsg>(payload);
  const netlink::Attributes info(link.find(IFLA_LINKINFO));
  if (!header || netlink::read_string(info.find(IFLA_INFO_KIND)) != "bridge") return std::nullopt;
  const netlink::Attributes data(info.find(IFLA_INFO_DATA));
  Bridge bridge;
  bridge.name = netlink::read_string(link.find(IFLA_IFNAME));
  bridge.index = header->ifi_index;
  bridge.nf_call_iptables = is_on(data.find(IFLA_BR_NF_CALL_IPTABLES));
  bridge.nf_call_ip6tables = is_on(data.find(IFLA_BR_NF_CALL_IP6TABLES));
  return bridge;
}

std::optional<LinkAddress> decode_address(netlink::Bytes payload) {
  const auto header = read_header<ifaddrmsg>(payload);
  if (!header) return std::nullopt;
  // IFA_LOCAL is the address itself; IFA_ADDRESS is the other end of a point-to-point link.
  const netlink::Attributes attributes = attributes_behind<ifaddrmsg>(payload);
  const netlink::Bytes local = attributes.find(IFA_LOCAL);
  const auto address = read_address(*header, local.empty() ? attributes.find(IFA_ADDRESS) : local);
  if (!address || is_link_local(*address) || header->ifa_prefixlen > address->size() * 8) return std::nullopt;
  return LinkAddress{static_cast<int>(header->ifa_index), IpPrefix(*address, header->ifa_prefixlen)};
}

}  // namespace selvage::host
