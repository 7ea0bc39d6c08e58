#pragma once

#include "base/result.h"
#include "nft/model/table.h"
#include "nft/plan/plan.h"

namespace selvage::controller {

/// Whether the agent alone may change its tables (`--table-owner`).
enum class TableOwner {
  automatic,  ///< where the kernel can do that
  on,         ///< or the agent does not start
  off,
};

/// What the tables should be: open or owned. Asks the kernel of this network namespace, in which that
/// leaves no trace. Fails where it cannot be asked, and where `choice` is `on` and the kernel cannot.
Result<nft::Ownership> wanted_ownership(TableOwner choice);

/// The plan that makes tables open which this program owns, or which no program owns any more, with all that they hold.
/// The kernel cannot take a flag from a table, so each is made anew in the transaction; its counters begin anew. Open
/// tables, and those of another program, are left alone. Pure.
[[nodiscard]] nft::Plan plan_to_open(nft::Ruleset have);

}  // namespace selvage::controller
