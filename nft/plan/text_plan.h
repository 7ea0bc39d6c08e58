#pragma once

#include <string>

#include "nft/plan/plan.h"

namespace selvage::nft {

/// The plan as nft(8) commands, one on each line, in the order in which the kernel gets them: input for `nft -f`.
[[nodiscard]] std::string to_text(const Plan& plan);

}  // namespace selvage::nft
