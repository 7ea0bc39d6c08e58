#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/tiers/tiers.h"

namespace selvage::policy {

/// The address blocks of one rule, sorted: a list is one predicate, however long it is.
struct BlockList {
  std::vector<IpBlock> blocks;
  friend auto operator<=>(const BlockList&, const BlockList&) = default;
};

/// A peer predicate: a property that a peer's address has or lacks. With `port`, only addresses
/// of pods that satisfy `peer` and resolve the port's name and protocol to its number (egress rules
/// with named ports).
struct Predicate {
  Direction direction = Direction::ingress;
  std::variant<Anyone, PodScope, BlockList> peer;
  std::optional<NamedPort> port;
  friend auto operator<=>(const Predicate&, const Predicate&) = default;
};

/// The predicates of the peers of a rule, whose terms have no conditions: one for each distinct set of pods, one for
/// all blocks together, or `Anyone` alone.
[[nodiscard]] std::vector<Predicate> predicates_of(const PolicyRule& rule, Direction direction);

/// A text that two predicates share only when they are equal.
[[nodiscard]] std::string canonical(const Predicate& predicate);
/// Nothing is appended to a description longer than this: comments hold 128 bytes.
inline constexpr std::size_t kLongDescription = 128;
/// For comments: "ns=prod app=web", "10.0.0.0/8 except 10.1.0.0/16", "anyone".
[[nodiscard]] std::string describe(const Predicate& predicate);

}  // namespace selvage::policy
