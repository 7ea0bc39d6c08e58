#pragma once

#include "nft/plan/plan.h"

namespace selvage::controller {

/// Whether a plan for our tables may drop a packet that passed before. False only for changes that are known to let at
/// least as much pass: added peers, added permissions. Pure.
[[nodiscard]] bool tightens(const nft::Plan& plan);

}  // namespace selvage::controller
