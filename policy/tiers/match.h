#pragma once

#include <compare>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/model.h"
#include "policy/model/selector.h"

/// What a rule matches: peer AND own AND ports. Peers and ports are lists of alternatives: an empty list matches
/// nothing (fail closed), "anyone" and "everything" are alternatives of their own. Another kind of peer or port is
/// another alternative of its variant; code that visits the variant does not compile until it handles it.
namespace selvage::policy {

/// Every address.
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

/// Something that an address is part of, or not. An address in a block matches whether or not it is a pod's.
using AddressSet = std::variant<Anyone, PodScope, IpBlock>;

/// Holds for the addresses in `set`; negated, for all others.
struct Condition {
  AddressSet set;
  bool negated = false;
  friend bool operator==(const Condition&, const Condition&) = default;
};

/// A conjunction: the addresses in `set` for which all conditions hold. "Not these pods" is Anyone with a negated
/// condition.
struct PeerTerm {
  AddressSet set;
  std::vector<Condition> conditions;  ///< mostly none
  friend bool operator==(const PeerTerm&, const PeerTerm&) = default;
};

/// Every protocol, those without ports included.
struct EveryProtocol {
  friend auto operator<=>(const EveryProtocol&, const EveryProtocol&) = default;
};

/// A port name means the port of that name on the destination pod; a pod without it does not match.
using PortTerm = std::variant<EveryProtocol, PortMatch>;

struct Match {
  std::vector<PeerTerm> peers;  ///< any of them
  std::vector<Condition> own;   ///< all of them, on the address of the selected pod itself; mostly none
  std::vector<PortTerm> ports;  ///< any of them
  friend bool operator==(const Match&, const Match&) = default;
};

}  // namespace selvage::policy
