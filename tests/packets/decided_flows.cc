#include "decided_flows.h"

#include <catch2/catch.hpp>

#include "k8s_client/manifests/manifest_folder.h"
#include "tests/support/decided.h"
#include "tests/support/must.h"

namespace selvage::packets {
namespace {

std::uint8_t protocol_of(Transport transport, IpFamily family) {
  switch (transport) {
    case Transport::tcp:
      return 6;
    case Transport::udp:
      return 17;
    case Transport::sctp:
      return 132;
    case Transport::icmp:
      return family == IpFamily::v4 ? 1 : 58;
  }
  return 0;
}

}  // namespace

policy::ClusterState state_of(const Cluster& cluster) {
  k8s_client::ManifestFolder folder(cluster.manifests());
  std::vector<policy::Object> objects;
  for (auto& event : must(folder.rescan()).events) {
    if (event.object) objects.push_back(std::move(*event.object));
  }
  return policy::state_of(objects);
}

bool decided(const policy::ClusterState& state, const Expectation& flow, IpFamily family) {
  policy::FlowKey key{flow.from->addresses.of(family), flow.to->addresses.of(family),
                      protocol_of(flow.transport, family), flow.port};
  if (flow.transport == Transport::icmp) key.destination_port = 0;
  return policy::decide(state, policy::Direction::egress, key).allowed &&
         policy::decide(state, policy::Direction::ingress, key).allowed;
}

void check_decisions(const Cluster& cluster, const std::vector<Expectation>& expectations) {
  const policy::ClusterState state = state_of(cluster);
  for (const Expectation& expectation : expectations) {
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
      INFO(expectation.from->space.name() << " to " << expectation.to->addresses.of(family).to_string() << " port "
                                          << expectation.port << "/" << to_string(expectation.transport));
      CHECK(decided(state, expectation, family) == expectation.allowed);
    }
  }
}

}  // namespace selvage::packets
