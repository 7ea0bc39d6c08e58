#include "tests/controller/packet_path.h"

namespace selvage::testing {
namespace {

constexpr const char* kBridge = "cni0";
constexpr int kPackets = 60;
/// IPS_DST_NAT: a pod comes back to itself only through a Service.
constexpr std::uint32_t kDestinationTranslated = 32;

void route(nft::Packet& packet, bool from_pod, bool to_pod) {
  packet.iifname = from_pod ? kBridge : "eth0";
  packet.oifname = to_pod ? kBridge : "eth0";
  packet.iifkind = from_pod ? "bridge" : "";
}

void bridge(nft::Packet& packet) {
  packet.bridged = true;
  packet.iifname = "veth1";
  packet.oifname = "veth2";
  packet.bridge = kBridge;
  packet.iifkind = "veth";
}

}  // namespace

nft::Packet on_the_way(const FirstPacket& packet, std::span<const policy::Object> objects, Way way) {
  nft::Packet result;
  result.source = packet.source;
  result.destination = packet.destination;
  result.protocol = packet.protocol;
  result.destination_port = packet.destination_port;
  if (packet.protocol == 1) result.icmp_type = 8;
  if (packet.protocol == 58) result.icmp_type = 128;
  if (packet.source == packet.destination) result.tracking.emplace().status = kDestinationTranslated;
  const bool from_pod = is_pod_of(objects, kNode, packet.source);
  const bool to_pod = is_pod_of(objects, kNode, packet.destination);
  if (way == Way::bridged && from_pod && to_pod) {
    bridge(result);
  } else {
    route(result, from_pod, to_pod);
  }
  return result;
}

std::vector<nft::Packet> random_packets(Random& random, const Cluster& cluster) {
  const auto objects = objects_of(cluster);
  std::vector<nft::Packet> packets;
  for (int i = 0; i < kPackets; ++i) {
    const Way way = chance(random, 50) ? Way::bridged : Way::routed;
    packets.push_back(on_the_way(random_packet(random, cluster), objects, way));
  }
  return packets;
}

}  // namespace selvage::testing
