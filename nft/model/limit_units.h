#pragma once

#include "nft/model/kernel_names.h"

namespace selvage::nft {

/// Units in seconds, as the kernel stores them (NFTA_LIMIT_UNIT).
inline constexpr NumberTable<LimitUnit, std::uint64_t, 5> kLimitUnits = {{
    {LimitUnit::second, 1},
    {LimitUnit::minute, 60},
    {LimitUnit::hour, 3600},
    {LimitUnit::day, 86400},
    {LimitUnit::week, 604800},
}};

}  // namespace selvage::nft
