#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/model.h"

namespace selvage::policy {

/// Which way a policy looks: at what enters a pod, or at what leaves it.
enum class Direction : std::uint8_t { ingress = 0, egress = 1 };
inline constexpr Direction kDirections[] = {Direction::ingress, Direction::egress};
[[nodiscard]] constexpr std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }

/// Every address there is.
struct Anyone {
  friend auto operator<=>(const Anyone&, const Anyone&) = default;
};

/// Pods by labels: of the one namespace `namespace_name`, or, where `namespace_selector` is set, of
/// all known namespaces that it matches (`namespace_name` is empty then).
struct PodScope {
  std::string namespace_name;
  std::optional<LabelSelector> namespace_selector;
  LabelSelector pod_selector;
  friend auto operator<=>(const PodScope&, const PodScope&) = default;
};

/// The address blocks of one rule, sorted: a list is one predicate, however long it is.
struct BlockList {
  std::vector<IpBlock> blocks;
  friend auto operator<=>(const BlockList&, const BlockList&) = default;
};

/// A peer predicate: something that a peer's address satisfies or not. With `port`, only addresses
/// of pods that satisfy `peer` and resolve the port's name and protocol to its number (egress rules
/// with named ports).
struct Predicate {
  Direction direction = Direction::ingress;
  std::variant<Anyone, PodScope, BlockList> peer;
  std::optional<NamedPort> port;
  friend auto operator<=>(const Predicate&, const Predicate&) = default;
};

/// The predicates of one rule of a policy in `namespace_name`: one for each distinct pod peer, one
/// for all blocks together, or `Anyone` alone.
[[nodiscard]] std::vector<Predicate> predicates_of(const Rule& rule, Direction direction,
                                                   const std::string& namespace_name);

/// A text that two predicates share only when they are equal.
[[nodiscard]] std::string canonical(const Predicate& predicate);
/// A description longer than this is not lengthened any more: comments hold 128 bytes.
inline constexpr std::size_t kLongDescription = 128;
/// For people: "ns=prod app=web", "10.0.0.0/8 except 10.1.0.0/16", "anyone".
[[nodiscard]] std::string describe(const Predicate& predicate);

}  // namespace selvage::policy
