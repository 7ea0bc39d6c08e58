#pragma once

#include "controller/tables/chains.h"
#include "nft/model/table.h"

namespace selvage::controller {

/// Tables with every kind of set, map, chain and rule that policies lead to, in both families, under
/// names of this process' own: what a kernel must take for the real ones. Pure but for the process id.
[[nodiscard]] nft::Ruleset specimen_tables(const RenderOptions& options);

}  // namespace selvage::controller
