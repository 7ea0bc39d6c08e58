#pragma once

#include <vector>

#include "nft/model/table.h"
#include "nft/plan/commit_result.h"

namespace selvage::controller {

/// The refused parts of a plan for `want` without consequential refusals: elements of a refused set, jumps to a refused
/// chain, rules that look up a refused set.
[[nodiscard]] std::vector<nft::RefusedPart> root_causes(const std::vector<nft::RefusedPart>& refused,
                                                        const nft::Ruleset& want);

}  // namespace selvage::controller
