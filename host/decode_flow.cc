#include "host/decode_flow.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <algorithm>

/// Decoded here: libnetfilter_conntrack turns CTA_ID into host order, and a `ct id`
/// set wants the bytes as they are.
namespace selvage::host {
namespace {

std::optional<IpAddress> read_source(const netlink::Attributes& tuple) {
  const netlink::Attributes ip(tuple.find(CTA_TUPLE_IP));
  const netlink::Bytes v4 = ip.find(CTA_IP_V4_SRC);
  const netlink::Bytes v6 = ip.find(CTA_IP_V6_SRC);
  if (v4.size() == 4) return IpAddress::from_bytes(IpFamily::v4, v4.data());
  if (v6.size() == 16) return IpAddress::from_bytes(IpFamily::v6, v6.data());
  return std::nullopt;
}

/// Network order; 0 when it is not there.
std::uint16_t read_port(const netlink::Attributes& protocol, std::uint16_t type) {
  const netlink::Bytes port = protocol.find(type);
  return port.size() == 2 ? static_cast<std::uint16_t>(port[0] << 8 | port[1]) : std::uint16_t{0};
}

}  // namespace

std::optional<Flow> decode_flow(netlink::Bytes payload) {
  const netlink::Attributes entry(payload.subspan(std::min(payload.size(), sizeof(nfgenmsg))));
  const netlink::Attributes original(entry.find(CTA_TUPLE_ORIG));
  const netlink::Attributes reply(entry.find(CTA_TUPLE_REPLY));
  const netlink::Attributes protocol(original.find(CTA_TUPLE_PROTO));
  const auto source = read_source(original);
  const auto destination = read_source(reply);
  const netlink::Bytes number = protocol.find(CTA_PROTO_NUM);
  const netlink::Bytes id = entry.find(CTA_ID);
  if (!source || !destination || number.size() != 1 || id.size() != 4) return std::nullopt;
  Flow flow;
  flow.id = netlink::read_bytes(id);
  flow.protocol = number[0];
  flow.source = *source;
  flow.destination = *destination;
  flow.source_port = read_port(protocol, CTA_PROTO_SRC_PORT);
  flow.destination_port = read_port(netlink::Attributes(reply.find(CTA_TUPLE_PROTO)), CTA_PROTO_SRC_PORT);
  flow.translated = (netlink::read_be32(entry.find(CTA_STATUS)).value_or(0) & IPS_DST_NAT) != 0;
  return flow;
}

}  // namespace selvage::host
