#pragma once

#include "base/result.h"
#include "policy/tiers/tiers.h"

/// The seam between the ordered model and the tables: the part of the model that the compiler can render.
///
/// The records (node_policy.h) are sets of permissions. They hold policies for which order does not matter: Allow rules
/// alone, in the tier `default`, whose end denies what none of them allows. Deny, Pass and Log rules, other tiers,
/// policies that do not isolate, negated conditions, filters on the own pod and subjects in several namespaces need
/// records of their own; as each gets them, its check goes from here.
namespace selvage::policy {

/// The error names the policy and the part of it that cannot be rendered.
[[nodiscard]] Result<void> check_plain(const Policy& policy);

}  // namespace selvage::policy
