#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/compile/node_policy.h"
#include "policy/explain/failed_condition.h"

namespace selvage::policy {

class Compiler;

/// One end of a flow, as far as it is known now.
struct FlowEnd {
  enum class Kind : std::uint8_t {
    pod,
    node,  ///< by a pod on its host's network; `name` is empty where only its place among pods' addresses says so
    unknown_pod,  ///< lies among pods' addresses, but no pod that is known has it
    address,      ///< anything else
  };
  Kind kind = Kind::address;
  IpAddress address;
  std::string namespace_name;  ///< of a pod
  std::string name;            ///< of a pod or a node

  friend bool operator==(const FlowEnd&, const FlowEnd&) = default;
};

/// What is known now about a flow that was denied in one direction. Things may have changed since.
enum class Standing : std::uint8_t {
  denied,        ///< it still is
  allowed,       ///< a rule allows it now
  not_isolated,  ///< no policy isolates the pod in this direction now
  no_local_pod,  ///< no pod of this node has the address
};

/// The rule of an isolating policy that comes nearest to allowing the flow.
struct NearestRule {
  std::string policy;               ///< "namespace/name"
  std::size_t rule = 0;             ///< index in spec.ingress or spec.egress (without entries that were refused)
  std::optional<std::size_t> peer;  ///< index in its from or to, likewise; none: the rule has none, anyone may
  std::vector<Miss> misses;         ///< what fails, at least one: the peer's conditions first, then the port
  std::size_t miss_count = 0;       ///< all that fails; of the peer's conditions the first `kMaxListed` are in `misses`

  friend bool operator==(const NearestRule&, const NearestRule&) = default;
};

struct Explanation {
  Direction direction = Direction::ingress;  ///< of the pod that was protected, or held back
  FlowKey flow;
  FlowEnd source;
  FlowEnd destination;
  Standing standing = Standing::denied;
  /// Policies that isolate the local pod in this direction, "namespace/name", sorted; the first `kMaxPolicies`.
  std::vector<std::string> policies;
  std::size_t policy_count = 0;  ///< of all of them
  /// Set while denied, where any rule could be made to match by labels, blocks or ports alone.
  std::optional<NearestRule> nearest;
  std::string allowed_by;  ///< a policy whose rule allows the flow now, "namespace/name"; set while allowed
  bool complete = true;    ///< all rules were looked at; else so many that the look ended early

  /// Whether `nearest` is worth telling: at most one condition of its peer fails.
  [[nodiscard]] bool names_peer() const;
  friend bool operator==(const Explanation&, const Explanation&) = default;
};

inline constexpr std::size_t kMaxPolicies = 16;

/// Why `flow` is denied in `direction`, where the local pod is the destination (ingress) or the source (egress). The
/// compiler's `update` must have been called since its last `apply`. Pure. Which rule is nearest: the one of which the
/// fewest conditions fail, of these first one of which only the port does; then by the kind of what fails (the order of
/// `Miss`) and by how much of it matches; then by name of the policy and place in it. The cost is bounded: thirty
/// thousand conditions are looked at, below a millisecond.
[[nodiscard]] Explanation explain(const Compiler& compiler, Direction direction, const FlowKey& flow);

/// Who has the address: for people.
[[nodiscard]] FlowEnd find_end(const Compiler& compiler, const IpAddress& address);

}  // namespace selvage::policy
