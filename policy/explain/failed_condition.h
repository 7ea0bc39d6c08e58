#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/model.h"

/// Conditions of a rule that a flow fails, each with the actual and the required value. Their size is bounded, however
/// long the lists in policies are.
namespace selvage::policy {

/// The most entries of a list that are kept.
inline constexpr std::size_t kMaxListed = 8;

/// The address lies in the block, and in this `except` of it.
struct ExceptMismatch {
  IpPrefix cidr;
  IpPrefix except;
  friend bool operator==(const ExceptMismatch&, const ExceptMismatch&) = default;
};

/// A label selector's requirement that does not hold.
struct LabelMismatch {
  enum class Object : std::uint8_t { pod, name_space };
  Object object = Object::pod;
  std::string name;                  ///< "staging", "staging/web-0"
  LabelRequirement requirement;      ///< with the first `kMaxListed` of its values
  std::size_t value_count = 0;       ///< of all of them
  std::optional<std::string> value;  ///< of the label now; none: it is absent
  friend bool operator==(const LabelMismatch&, const LabelMismatch&) = default;
};

/// Without a namespaceSelector only pods of the policy's own namespace match.
struct NamespaceMismatch {
  std::string wanted;
  std::string present;
  friend bool operator==(const NamespaceMismatch&, const NamespaceMismatch&) = default;
};

/// There is no such Namespace object (yet), so no namespaceSelector matches.
struct UnknownNamespace {
  std::string name;
  friend bool operator==(const UnknownNamespace&, const UnknownNamespace&) = default;
};

/// The address lies outside of all blocks of the rule.
struct BlockMismatch {
  IpPrefix nearest;        ///< with the most leading bits in common
  std::size_t blocks = 0;  ///< how many there are, of all families
  friend bool operator==(const BlockMismatch&, const BlockMismatch&) = default;
};

/// The rule allows only other ports, or none (where all of its ports were refused).
struct PortMismatch {
  struct Allowed {
    PortMatch port;
    std::optional<std::uint16_t> number;  ///< of a name on the destination pod; none: the pod lacks it
    friend bool operator==(const Allowed&, const Allowed&) = default;
  };
  std::vector<Allowed> allowed;  ///< the first `kMaxListed`
  std::size_t count = 0;         ///< of all of them
  friend bool operator==(const PortMismatch&, const PortMismatch&) = default;
};
/// The least surprising first.
using FailedCondition =
    std::variant<ExceptMismatch, LabelMismatch, NamespaceMismatch, UnknownNamespace, BlockMismatch, PortMismatch>;

}  // namespace selvage::policy
