#pragma once

#include <optional>

#include "policy/compile/node_policy.h"
#include "policy/tiers/tiers.h"

namespace selvage::policy {

/// Which kind of set the permission of a rule's port is in. None for an egress rule's port name: it belongs to the
/// predicates that the numbers of the name make (NamedPortPredicate), not to the rule's own.
[[nodiscard]] std::optional<PortKind> kind_of(const PortTerm& term, Direction direction);

[[nodiscard]] bool names_port(const PolicyRule& rule);

}  // namespace selvage::policy
