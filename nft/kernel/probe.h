#pragma once

#include "base/result.h"
#include "nft/plan/plan.h"

namespace selvage::nft {

/// Whether the kernel supports `meta ibrname` in the bridge family (CONFIG_NFT_BRIDGE_META). Probed by a transaction
/// that adds a table with such a rule, and that the kernel refuses for another reason in any case: it leaves no trace.
/// An error when the probe is impossible (EPERM without CAP_NET_ADMIN, for instance).
Result<bool> supports_bridge_ibrname();

/// Whether the kernel supports tables that one socket owns and that outlive it (NFT_TABLE_F_OWNER with
/// NFT_TABLE_F_PERSIST, Linux 6.9). Probed in the same way, with the same errors.
Result<bool> supports_table_owner();

/// Whether the kernel would commit `plan`, which is not empty, now. Probed in the same way. The error is that of the
/// first refused operation: its description and, as the code, the errno.
Result<void> would_take(const Plan& plan);

}  // namespace selvage::nft
