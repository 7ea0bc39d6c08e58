#pragma once

#include "base/result.h"
#include "nft/plan/operations.h"

namespace selvage::nft {

/// Checks that every value of the operation fits the kernel's limits and libnftnl's fixed buffers:
/// names of at most 255 bytes (NFT_NAME_MAXLEN), keys and compared data of at most 64
/// (NFT_DATA_VALUE_MAXLEN), 128 expressions (NFT_RULE_MAXEXPRS), prefixes of logged packets of at
/// most 127 (NF_LOG_PREFIXLEN), limits above zero, keys with fields, elements' keys of
/// the size that their set's fields have, no `Foreign`. The error names the value, not the operation, and
/// has EINVAL or ENAMETOOLONG.
[[nodiscard]] Result<void> check_limits(const Operation& operation);

}  // namespace selvage::nft
