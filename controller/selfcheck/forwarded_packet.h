#pragma once

#include <string>

#include "nft/trace/tracer.h"
#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// A flow's first packet in the forward hook of a node: bridged between two pods of the node, otherwise routed. ICMP:
/// an echo request. A packet from a pod to itself has come back by a Service. Everything that is no pod of the node is
/// behind another device.
[[nodiscard]] nft::Packet forwarded_packet(const policy::FlowKey& flow, bool from_pod, bool to_pod,
                                           const std::string& pod_bridge);

/// The same as a packet that is bridged.
void make_bridged(nft::Packet& packet, const std::string& pod_bridge);

}  // namespace selvage::controller
