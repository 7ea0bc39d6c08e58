#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/model.h"

/// Conditions of a rule that a flow fails, each with what there is and what there should be. Their size is bounded,
/// however long the lists are that people write.
namespace selvage::policy {

/// Of a list so many entries are told.
inline constexpr std::size_t kMaxListed = 8;

/// The address lies in the block, and in this `except` of it.
struct ExceptMiss {
  IpPrefix cidr;
  IpPrefix except;
  friend bool operator==(const ExceptMiss&, const ExceptMiss&) = default;
};

/// A label selector's requirement that does not hold.
struct LabelMiss {
  enum class Object : std::uint8_t { pod, name_space };
  Object object = Object::pod;
  std::string name;                  ///< "staging", "staging/web-0"
  LabelRequirement requirement;      ///< with the first `kMaxListed` of its values
  std::size_t value_count = 0;       ///< of all of them
  std::optional<std::string> value;  ///< of the label now; none: it is absent
  friend bool operator==(const LabelMiss&, const LabelMiss&) = default;
};

/// Without a namespaceSelector only pods of the policy's own namespace match.
struct NamespaceMiss {
  std::string wanted;
  std::string present;
  friend bool operator==(const NamespaceMiss&, const NamespaceMiss&) = default;
};

/// There is no such Namespace object (yet), so no namespaceSelector matches.
struct UnknownNamespace {
  std::string name;
  friend bool operator==(const UnknownNamespace&, const UnknownNamespace&) = default;
};

/// The address lies outside of all blocks of the rule.
struct BlockMiss {
  IpPrefix nearest;        ///< with the most leading bits in common
  std::size_t blocks = 0;  ///< how many there are, of all families
  friend bool operator==(const BlockMiss&, const BlockMiss&) = default;
};

/// The rule allows other ports only, or none (where all it had were refused).
struct PortMiss {
  struct Allowed {
    PortMatch port;
    std::optional<std::uint16_t> number;  ///< what a name means on the destination pod; none: it does not have it
    friend bool operator==(const Allowed&, const Allowed&) = default;
  };
  std::vector<Allowed> allowed;  ///< the first `kMaxListed`
  std::size_t count = 0;         ///< of all of them
  friend bool operator==(const PortMiss&, const PortMiss&) = default;
};
/// The least surprising first.
using Miss = std::variant<ExceptMiss, LabelMiss, NamespaceMiss, UnknownNamespace, BlockMiss, PortMiss>;

}  // namespace selvage::policy
