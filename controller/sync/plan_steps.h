#pragma once

#include <vector>

#include "nft/plan/plan.h"

namespace selvage::controller {

/// Splits a plan into transactions in which no packet meets half a change (`commit_in_steps` says how), most plans into
/// one. `hooked`: the enforced table that is there judges packets; if not, one that replaces it is as good as a new
/// one. An empty plan has no steps. Pure.
[[nodiscard]] std::vector<nft::Plan> plan_steps(nft::Plan plan, bool hooked);

/// Moves the chains that the kernel calls into the other plan.
void move_base_chains(nft::TablePlan& from, nft::TablePlan& to);

}  // namespace selvage::controller
