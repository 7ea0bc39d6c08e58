#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "policy/compile/cells.h"
#include "policy/compile/predicate.h"
#include "policy/compile/tracked_map.h"
#include "policy/model/flow.h"

/// The policy that one node must enforce, as records: each is one element, one group of sets or one chain of
/// the table that it is rendered to, so a changed record is a changed piece of the table.
namespace selvage::policy {

using ClassId = std::uint32_t;
using PodId = std::uint32_t;

/// Which of a predicate's sets a permission is in, from the least to the most specific key.
enum class PortKind : std::uint8_t {
  all,        ///< every protocol and port: local address
  protocols,  ///< every port of a protocol: local address . protocol
  ports,      ///< one port: local address . protocol . port
  ranges,     ///< ports first to last: local address . protocol . port, interval
};
inline constexpr PortKind kPortKinds[] = {PortKind::all, PortKind::protocols, PortKind::ports, PortKind::ranges};
/// A set of PortKind, one bit each.
using PortKinds = std::uint8_t;
[[nodiscard]] constexpr PortKinds bit(PortKind kind) {
  return static_cast<PortKinds>(1U << static_cast<unsigned>(kind));
}

/// A set of IpFamily: bit 0 is v4, bit 1 is v6.
using Families = std::uint8_t;
inline constexpr IpFamily kFamilies[] = {IpFamily::v4, IpFamily::v6};
[[nodiscard]] constexpr Families bit(IpFamily family) { return family == IpFamily::v4 ? 1 : 2; }
[[nodiscard]] constexpr std::size_t index(IpFamily family) { return family == IpFamily::v4 ? 0 : 1; }

/// An address of a pod of this node.
struct LocalAddress {
  std::string pod;  ///< "namespace/name"
  bool isolated_ingress = false;
  bool isolated_egress = false;

  [[nodiscard]] bool isolated(Direction direction) const {
    return direction == Direction::ingress ? isolated_ingress : isolated_egress;
  }
  friend bool operator==(const LocalAddress&, const LocalAddress&) = default;
};

/// The sets of a predicate.
struct PredicateSets {
  Direction direction = Direction::ingress;
  std::string name;         ///< "any" for Anyone; otherwise a hash of the predicate
  std::string description;  ///< for people
  PortKinds kinds = 0;      ///< of the rules that use the predicate, whether or not a pod is in them
  Families families = 0;    ///< in use on this node
  friend bool operator==(const PredicateSets&, const PredicateSets&) = default;
};

/// A local address may be reached by (ingress) or reach (egress) peers that satisfy the predicate.
/// protocol, first and last are zero where `kind` has no such field; for `ports` first == last.
struct PermissionKey {
  PredicateId predicate = 0;
  IpAddress local;
  PortKind kind = PortKind::all;
  std::uint8_t protocol = 0;
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  friend auto operator<=>(const PermissionKey&, const PermissionKey&) = default;
};

/// The policies that give a permission, "namespace/name", sorted.
using Origins = std::vector<std::string>;

/// One step of a class: a predicate that all peers of the class satisfy.
struct ClassStep {
  PredicateId predicate = 0;
  std::string name;     ///< PredicateSets::name
  PortKinds kinds = 0;  ///< PredicateSets::kinds
  friend bool operator==(const ClassStep&, const ClassStep&) = default;
};

/// The steps that packets of all addresses of one signature go through, in order; at the end they are denied.
struct ClassChain {
  Direction direction = Direction::ingress;
  IpFamily family = IpFamily::v4;
  std::string name;         ///< a hash of the predicates' names
  std::string description;  ///< for people
  std::vector<ClassStep> steps;
  friend bool operator==(const ClassChain&, const ClassChain&) = default;
};

/// The class of a pod's address, and the pod.
struct PeerClass {
  ClassId class_id = 0;
  PodId pod = 0;
  friend bool operator==(const PeerClass&, const PeerClass&) = default;
};

/// The state of the node as a whole.
struct NodeState {
  /// Whether a pod bound to this node is isolated in the direction, with an address or without.
  bool any_isolated_ingress = false;
  bool any_isolated_egress = false;
  /// Kinds of sets of the predicate Anyone, by Direction.
  std::array<PortKinds, 2> anyone_kinds{};
  Families families = 0;

  [[nodiscard]] bool any_isolated(Direction direction) const {
    return direction == Direction::ingress ? any_isolated_ingress : any_isolated_egress;
  }
  friend bool operator==(const NodeState&, const NodeState&) = default;
};

template <class K, class V>
using TrackedOrdered = TrackedMap<std::map<K, V>>;
using TrackedPeers = TrackedMap<tsl::robin_map<IpAddress, PeerClass, IpAddressHash>>;

/// All records. Ids are numbers of this process; names depend on the objects alone.
struct NodePolicy {
  TrackedOrdered<IpAddress, LocalAddress> local;
  TrackedOrdered<PredicateId, PredicateSets> predicates;
  TrackedOrdered<PermissionKey, Origins> permissions;
  TrackedOrdered<ClassId, ClassChain> classes;
  std::array<TrackedPeers, 2> peers;                      ///< by Direction
  std::array<TrackedOrdered<IpRange, ClassId>, 2> cells;  ///< by Direction
  TrackedOrdered<std::uint8_t, NodeState> node;           ///< one entry, at 0
  std::array<PredicateId, 2> anyone{};                    ///< by Direction; 0 when no rule says Anyone

  void start_tracking();
};

/// Changes of all records since the last time.
struct NodePolicyDelta {
  decltype(NodePolicy::local)::Changes local;
  decltype(NodePolicy::predicates)::Changes predicates;
  decltype(NodePolicy::permissions)::Changes permissions;
  decltype(NodePolicy::classes)::Changes classes;
  std::array<TrackedPeers::Changes, 2> peers;
  std::array<TrackedOrdered<IpRange, ClassId>::Changes, 2> cells;
  decltype(NodePolicy::node)::Changes node;
};

[[nodiscard]] NodePolicyDelta take_changes(NodePolicy& policy);

/// Whether this node's policies let the flow begin: the verdict of the rendered table, from the
/// records, without the rules about unknown endpoints. The cost grows with the predicates that the
/// peer satisfies.
[[nodiscard]] bool allows(const NodePolicy& policy, const FlowKey& flow);
/// One direction of it alone: whether the policies of the destination (ingress) or the source (egress) let the flow
/// begin, if that is a pod of this node.
[[nodiscard]] bool allows(const NodePolicy& policy, Direction direction, const FlowKey& flow);

}  // namespace selvage::policy
