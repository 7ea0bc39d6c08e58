#pragma once

#include "nft/plan/commit_result.h"
#include "nft/plan/plan.h"

namespace selvage::nft {

/// `apply` (nft/plan/plan.h) that reports every refused part, as the kernel does. Cyclic or too deep jumps refuse the
/// transaction as a whole.
[[nodiscard]] tl::expected<Ruleset, CommitError> carry_out(const Plan& plan, Ruleset have);

}  // namespace selvage::nft
