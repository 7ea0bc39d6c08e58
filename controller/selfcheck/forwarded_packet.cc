#include "controller/selfcheck/forwarded_packet.h"

#include "base/ip_protocol.h"

namespace selvage::controller {
namespace {

constexpr std::uint8_t kEchoRequest = 8;
constexpr std::uint8_t kEchoRequest6 = 128;
/// Leads to everything that is no pod of this node.
constexpr const char* kUplink = "uplink";
constexpr std::uint32_t kDestinationTranslated = 32;  // IPS_DST_NAT, linux/netfilter/nf_conntrack_common.h

}  // namespace

nft::Packet forwarded_packet(const policy::FlowKey& flow, bool from_pod, bool to_pod, const std::string& pod_bridge) {
  nft::Packet packet;
  packet.source = flow.source;
  packet.destination = flow.destination;
  packet.protocol = flow.protocol;
  if (flow.destination_port != 0) packet.destination_port = flow.destination_port;
  if (flow.protocol == ip_protocol::kIcmp) packet.icmp_type = kEchoRequest;
  if (flow.protocol == ip_protocol::kIcmpv6) packet.icmp_type = kEchoRequest6;
  if (flow.source == flow.destination) packet.tracking->status = kDestinationTranslated;
  if (from_pod && to_pod) {
    make_bridged(packet, pod_bridge);
  } else {
    packet.iifname = from_pod ? pod_bridge : kUplink;
    packet.oifname = to_pod ? pod_bridge : kUplink;
  }
  return packet;
}

void make_bridged(nft::Packet& packet, const std::string& pod_bridge) {
  packet.bridged = true;
  packet.iifname = "veth1";
  packet.oifname = "veth2";
  packet.iifkind = "veth";
  packet.bridge = pod_bridge;
}

}  // namespace selvage::controller
