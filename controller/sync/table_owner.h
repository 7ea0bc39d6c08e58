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

/// The plan that makes tables open which this program owns, or which no program owns any more, with all that they hold.
/// The kernel cannot take a flag from a table, so each is made anew in the transaction; its counters begin anew. Open
/// tables, and those of another program, are left alone. Pure.
[[nodiscard]] nft::Plan plan_to_open(nft::Ruleset have);

}  // namespace selvage::controller
