#pragma once

#include "base/result.h"
#include "nft/model/table.h"
#include "nft/plan/plan.h"

namespace selvage::controller {

/// Whether the agent owns its tables, so that no other program can change them (`--table-owner`).
enum class TableOwner {
  automatic,  ///< if the kernel can do that
  on,         ///< or the agent does not start
  off,
};

/// The ownership that the tables should have: open or owned. Probes the kernel in this network namespace without
/// leaving a trace. Fails if it cannot be probed, or if `choice` is `on` and the kernel has no owned tables.
Result<nft::Ownership> wanted_ownership(TableOwner choice);

/// The plan that opens the tables that this program owns, and orphans, with their contents. The kernel cannot clear the
/// flag of a table, so the transaction recreates each; its counters restart. Open tables, and those of another program,
/// stay as they are. Pure.
[[nodiscard]] nft::Plan plan_to_open(nft::Ruleset have);

}  // namespace selvage::controller
