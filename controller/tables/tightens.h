#pragma once

#include "nft/plan/plan.h"

namespace selvage::controller {

/// Whether a plan for our tables can turn a verdict on any packet from "passes" into "is dropped". False only for what
/// is known to let more pass, or the same: peers that come, permissions that are added. Pure.
[[nodiscard]] bool tightens(const nft::Plan& plan);

}  // namespace selvage::controller
