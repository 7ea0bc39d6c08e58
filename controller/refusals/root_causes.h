#pragma once

#include <vector>

#include "nft/model/table.h"
#include "nft/plan/commit_result.h"

namespace selvage::controller {

/// Of the refused parts of a plan towards `want` those that were not refused in consequence of another: elements
/// of a refused set, what leads to a refused chain, rules that ask a refused set.
[[nodiscard]] std::vector<nft::RefusedPart> root_causes(const std::vector<nft::RefusedPart>& refused,
                                                        const nft::Ruleset& want);

}  // namespace selvage::controller
