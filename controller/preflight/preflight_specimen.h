#pragma once

#include "controller/tables/chains.h"
#include "nft/model/table.h"

namespace selvage::controller {

/// Tables with every kind of set, map, chain and rule that policies need, in both families, under names unique to this
/// process. A kernel that accepts them accepts real ones. Pure except for the process id.
[[nodiscard]] nft::Ruleset specimen_tables(const RenderOptions& options);

}  // namespace selvage::controller
