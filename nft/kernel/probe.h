#pragma once

#include "base/result.h"
#include "nft/plan/plan.h"

namespace selvage::nft {

/// Whether the kernel of this network namespace takes `meta ibrname` in the bridge family
/// (CONFIG_NFT_BRIDGE_META). Asked by a transaction that makes a table with such a rule, and that the
/// kernel refuses for another reason in any case: it leaves no trace. An error where the question
/// cannot be asked (EPERM without CAP_NET_ADMIN, for instance).
Result<bool> supports_bridge_ibrname();

/// Whether the kernel takes tables that one socket owns and that outlive it (NFT_TABLE_F_OWNER with
/// NFT_TABLE_F_PERSIST, Linux 6.9). Asked in the same way, with the same errors.
Result<bool> supports_table_owner();

/// Whether the kernel would carry out `plan`, which is not empty, as it stands now. Asked in the same way. The error is
/// that of the first operation which it refuses: its name and, as the code, the errno.
Result<void> would_take(const Plan& plan);

}  // namespace selvage::nft
