#pragma once

#include "nft/plan/commit_result.h"
#include "nft/plan/plan.h"

namespace selvage::nft {

/// `apply` (nft/plan.h) that tells, as the kernel does, all parts that are refused. Jumps in a circle or too
/// deep are refused as a whole.
[[nodiscard]] tl::expected<Ruleset, CommitError> carry_out(const Plan& plan, Ruleset have);

}  // namespace selvage::nft
