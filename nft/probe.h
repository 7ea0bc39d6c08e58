#pragma once

#include "base/result.h"

namespace selvage::nft {

/// Whether the kernel of this network namespace takes `meta ibrname` in the bridge family
/// (CONFIG_NFT_BRIDGE_META). Tried by a transaction that makes a table with such a rule in a chain
/// that no packet reaches, and removes it again: it leaves no trace. An error where the question
/// cannot be asked (EPERM without CAP_NET_ADMIN, for instance).
Result<bool> supports_bridge_ibrname();

}  // namespace selvage::nft
