#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "policy/model/flow.h"
#include "policy/model/model.h"
#include "policy/tiers/match.h"

/// The ordered model: the one form into which every policy API is lowered (lower.h), and all that the compiler reads.
///
///     Tier      by (order, name)                              what ends it: deny or pass
///      └ Policy   by (order, "name/namespace/kind")           subject, and for each direction: applies, isolates
///         └ PolicyRule   as written                           match, action
///
/// decide.h defines its meaning.
namespace selvage::policy {

/// The order of policies without one: after everything else.
inline constexpr double kNoOrder = std::numeric_limits<double>::infinity();

/// A stage of evaluation. Flows that a tier does not decide go on to the next one.
struct Tier {
  /// What happens to a flow that no rule of the tier decides, if a policy of the tier isolates the pod.
  enum class End : std::uint8_t { deny, pass };

  double order = kNoOrder;
  std::string name;
  End end = End::deny;
  friend bool operator==(const Tier&, const Tier&) = default;
};

/// The tier of NetworkPolicies.
inline constexpr const char* kDefaultTier = "default";
/// The order of NetworkPolicies in their tier.
inline constexpr double kNetworkPolicyOrder = 1000;
/// The tiers that exist in every cluster: kube-admin (1,000, pass), default (1,000,000, deny), kube-baseline
/// (10,000,000, pass).
[[nodiscard]] std::vector<Tier> built_in_tiers();

enum class Action : std::uint8_t {
  allow,  ///< final
  deny,   ///< final
  pass,   ///< to the next tier
  log,    ///< noted; evaluation goes on with the next rule
};

/// Where in its object a rule stands.
struct RuleOrigin {
  std::uint32_t index = 0;  ///< in the object's list for the direction, entries that were refused not counted
  std::string name;         ///< for people; empty where the API has none
  friend bool operator==(const RuleOrigin&, const RuleOrigin&) = default;
};

struct PolicyRule {
  Match match;
  Action action = Action::allow;
  RuleOrigin origin;
  friend bool operator==(const PolicyRule&, const PolicyRule&) = default;
};

/// The part of a policy for one direction.
struct PolicySide {
  bool applies = false;   ///< takes part in the direction; otherwise the rest is ignored
  bool isolates = false;  ///< makes the tier's end count for the pods that it selects
  std::vector<PolicyRule> rules;
  friend bool operator==(const PolicySide&, const PolicySide&) = default;
};

/// A policy of any API. One object may lower into several.
struct Policy {
  std::string tier = kDefaultTier;
  double order = kNoOrder;
  ObjectKey origin;                 ///< of the object; for equal orders its "name/namespace/kind" decides
  PodScope subject;                 ///< the pods that it selects
  std::array<PolicySide, 2> sides;  ///< by Direction
  bool staged = false;              ///< decides nothing: flows that it would deny are counted and reported

  [[nodiscard]] bool applies(Direction direction) const { return sides[index(direction)].applies; }
  [[nodiscard]] bool isolates(Direction direction) const {
    return applies(direction) && sides[index(direction)].isolates;
  }
  [[nodiscard]] const std::vector<PolicyRule>& rules(Direction direction) const {
    return sides[index(direction)].rules;
  }
  friend bool operator==(const Policy&, const Policy&) = default;
};

/// Whether `a` is evaluated before `b`; both of one tier.
[[nodiscard]] bool comes_before(const Policy& a, const Policy& b);
[[nodiscard]] bool comes_before(const Tier& a, const Tier& b);

}  // namespace selvage::policy
