#pragma once

#include <vector>

#include "cluster.h"
#include "policy/tiers/decide.h"

/// What the ordered model (policy::decide) says of packets between a test cluster's pods and hosts.
namespace selvage::packets {

/// The objects of the cluster's manifests, policies lowered.
[[nodiscard]] policy::ClusterState state_of(const Cluster& cluster);

/// Whether both ends of the connection allow it in one family.
[[nodiscard]] bool decided(const policy::ClusterState& state, const Expectation& flow, IpFamily family);

/// Fails the test for each expectation that the ordered model does not share.
void check_decisions(const Cluster& cluster, const std::vector<Expectation>& expectations);

}  // namespace selvage::packets
