#pragma once

#include "policy/tiers/tiers.h"

/// Front-ends of the ordered model: one overload of `lower` for each policy API.
namespace selvage::policy {

/// A NetworkPolicy is a policy of the tier `default` at order 1000 with nothing but Allows. It isolates in each
/// direction of its types: the tier's end denies what its rules do not allow. It counts as staged by its own mode; the
/// mode of its namespace must have been worked in before (Stages). Peers keep their places: the rule's peer number i is
/// term i, except that a rule for anyone has the one term Anyone.
[[nodiscard]] Policy lower(const NetworkPolicy& policy);

}  // namespace selvage::policy
