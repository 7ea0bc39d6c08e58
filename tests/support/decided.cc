#include "tests/support/decided.h"

namespace selvage::testing {

policy::FlowKey flow_of(const FirstPacket& packet) {
  return {packet.source, packet.destination, packet.protocol, packet.destination_port.value_or(0)};
}

bool allowed_on(std::string_view node, const policy::ClusterState& state, const FirstPacket& packet) {
  const auto allowed = [&](policy::Direction direction, const IpAddress& end) {
    const policy::Pod* pod = policy::pod_at(state, end);
    return pod == nullptr || pod->node != node || policy::decide(state, direction, flow_of(packet)).allowed;
  };
  return allowed(policy::Direction::egress, packet.source) && allowed(policy::Direction::ingress, packet.destination);
}

}  // namespace selvage::testing
