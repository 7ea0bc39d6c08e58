#pragma once

#include "controller/refusals/quarantine.h"

namespace selvage::controller {

/// The part of `want` in words: `object`, `text` and `instead` are filled in. Pure.
[[nodiscard]] Quarantined describe_part(const nft::Ruleset& want, const nft::PlanPart& part);

}  // namespace selvage::controller
