#pragma once

#include "controller/refusals/quarantine.h"

namespace selvage::controller {

/// Describes the part of `want`: fills in `object`, `text` and `instead`. Pure.
[[nodiscard]] Quarantined describe_part(const nft::Ruleset& want, const nft::PlanPart& part);

}  // namespace selvage::controller
