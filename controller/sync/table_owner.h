#pragma once

#include "base/result.h"
#include "nft/model/table.h"

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

}  // namespace selvage::controller
