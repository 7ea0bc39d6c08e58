#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "policy/compile/inventory.h"
#include "policy/compile/node_policy.h"
#include "policy/tiers/match.h"

/// How far parts of a rule are from matching a flow. Pure.
namespace selvage::policy {

/// One direction of a flow, its ends looked up.
struct FlowQuery {
  const Inventory& inventory;
  Direction direction;
  FlowKey flow;
  IpAddress peer;
  const PodId* peer_pod;     ///< nullptr if the peer is not a known pod
  const PodId* destination;  ///< whose port names count; nullptr likewise

  [[nodiscard]] const NamespaceRecord& namespace_of_peer() const {
    return inventory.namespace_at(inventory.pod(*peer_pod).namespace_id);
  }
};

/// The distance from a match: the smaller, the nearer.
struct RuleDistance {
  std::uint32_t failed = 0;       ///< conditions, the port included
  std::uint32_t peer_failed = 0;  ///< without the port
  std::uint8_t kind = 0;          ///< the highest index in `FailedCondition` among the peer's
  std::int32_t unmatched = 0;     ///< negated: requirements of the peer that hold, or leading bits of a block in common
  friend auto operator<=>(const RuleDistance&, const RuleDistance&) = default;
};

/// Of a peer, without the port. None if no label or block would make it match: a rule for pods while the peer is no
/// pod, a block of the other family, or a block elsewhere while the peer is a pod.
[[nodiscard]] std::optional<RuleDistance> distance_to(const AddressSet& peer, const FlowQuery& query);
/// The number of conditions that `distance_to` compares.
[[nodiscard]] std::size_t conditions_of(const AddressSet& peer);

/// Whether the rule allows the flow's protocol and port. Compares each of its ports.
[[nodiscard]] bool port_fits(const Match& match, const FlowQuery& query);
/// The number of a port's name on the flow's destination; none for a name that the pod lacks, and for numbers.
[[nodiscard]] std::optional<std::uint16_t> number_of(const PortMatch& match, const FlowQuery& query);

/// The first except of the block that holds the address, or nullptr.
[[nodiscard]] const IpPrefix* except_around(const IpBlock& block, const IpAddress& address);

}  // namespace selvage::policy
