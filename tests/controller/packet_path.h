#pragma once

#include <span>
#include <vector>

#include "nft/trace/tracer.h"
#include "tests/support/random_cluster.h"

namespace selvage::testing {

/// How a packet can come by the forward hook of `kNode`.
enum class Way {
  bridged,  ///< between two ports of the pod bridge (for two pods of the node only)
  routed,   ///< by the devices behind which its addresses are
};

/// `packet` as the forward hook sees it: pods of the node are behind the bridge cni0, all other
/// addresses behind eth0.
[[nodiscard]] nft::Packet on_the_way(const FirstPacket& packet, std::span<const policy::Object> objects, Way way);

/// Some packets of the cluster (`random_packet`), bridged or routed by chance.
[[nodiscard]] std::vector<nft::Packet> random_packets(Random& random, const Cluster& cluster);

}  // namespace selvage::testing
