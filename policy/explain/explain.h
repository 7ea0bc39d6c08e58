#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/compile/node_policy.h"
#include "policy/explain/failed_condition.h"

namespace selvage::policy {

class Snapshot;

/// How the cluster's network gives addresses to pods. Each node has subnets of the pods' addresses.
struct PodNetworks {
  std::array<unsigned, 2> subnet_lengths{};  ///< prefix length of a node's subnet, by family
  unsigned node_addresses = 0;               ///< how many of a subnet's first addresses are the node's own
};

/// One end of a flow, as known now.
struct FlowEnd {
  enum class Kind : std::uint8_t {
    pod,
    node,         ///< by a pod on its host's network; `name` is empty if only its place in a subnet of pods shows that
    unknown_pod,  ///< in a subnet of pods, but no known pod has it
    address,      ///< anything else
  };
  Kind kind = Kind::address;
  IpAddress address;
  std::string namespace_name;  ///< of a pod
  std::string name;            ///< of a pod or a node

  friend bool operator==(const FlowEnd&, const FlowEnd&) = default;
};

/// The verdict now on a flow that was denied in one direction. Objects may have changed since.
enum class FlowVerdict : std::uint8_t {
  denied,        ///< still
  allowed,       ///< a rule allows it now
  not_isolated,  ///< no policy isolates the pod in this direction now
  no_local_pod,  ///< no pod of this node has the address
};

/// The rule of an isolating policy that comes nearest to allowing the flow.
struct NearestRule {
  std::string policy;                   ///< "namespace/name"
  std::size_t rule = 0;                 ///< index in spec.ingress or spec.egress (without entries that were refused)
  std::optional<std::size_t> peer;      ///< index in its from or to, likewise; none: the rule has none, anyone may
  std::vector<FailedCondition> failed;  ///< what fails, at least one: the peer's conditions first, then the port
  std::size_t failed_count = 0;         ///< of all that fail; of the peer's, `failed` has the first `kMaxListed`

  friend bool operator==(const NearestRule&, const NearestRule&) = default;
};

struct Explanation {
  Direction direction = Direction::ingress;  ///< ingress: of the destination's policies; egress: of the source's
  FlowKey flow;
  FlowEnd source;
  FlowEnd destination;
  FlowVerdict verdict = FlowVerdict::denied;
  /// Policies that isolate the local pod in this direction, "namespace/name", sorted; the first `kMaxPolicies`.
  std::vector<std::string> policies;
  std::size_t policy_count = 0;  ///< of all of them
  /// Set while denied, if other labels, blocks or ports alone could make some rule match.
  std::optional<NearestRule> nearest;
  std::string allowed_by;  ///< a policy whose rule allows the flow now, "namespace/name"; set while allowed
  bool complete = true;    ///< all rules were compared; false: the search reached its limit

  /// Whether `nearest` is worth reporting: at most one condition of its peer fails.
  [[nodiscard]] bool names_peer() const;
  friend bool operator==(const Explanation&, const Explanation&) = default;
};

inline constexpr std::size_t kMaxPolicies = 16;

/// Why `flow` is denied in `direction`, where the local pod is the destination (ingress) or the source (egress). Pure.
/// The nearest rule is the one with the fewest failed conditions. Ties go to a rule where only the port fails; then by
/// the kind of the failed condition (the order of `FailedCondition`) and by how much of it matches; then by the
/// policy's name and the place in it. The cost is bounded: at most 30,000 conditions are compared, in less than a
/// millisecond.
[[nodiscard]] Explanation explain(const Snapshot& snapshot, const PodNetworks& networks, Direction direction,
                                  const FlowKey& flow);

/// The pod or node that has the address: for people.
[[nodiscard]] FlowEnd find_end(const Snapshot& snapshot, const PodNetworks& networks, const IpAddress& address);

}  // namespace selvage::policy
