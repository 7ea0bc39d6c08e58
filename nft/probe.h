#pragma once

#include "base/result.h"

namespace selvage::nft {

/// Whether the kernel takes `meta ibrname` in the bridge family (CONFIG_NFT_BRIDGE_META). Tried in a
/// transaction that leaves nothing behind and touches no traffic. Needs CAP_NET_ADMIN.
Result<bool> supports_bridge_ibrname();

}  // namespace selvage::nft
