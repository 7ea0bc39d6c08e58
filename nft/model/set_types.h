#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "nft/model/table.h"

/// How nft(8) numbers the types of set keys (src of nftables: include/datatype.h). The
/// kernel keeps the number without a look, and `nft list` prints by it.
namespace selvage::nft {

/// NFTA_SET_KEY_TYPE: of a concatenation six bits a field, the first in the highest.
[[nodiscard]] std::uint32_t key_type(const std::vector<FieldType>& key);
/// The way back; nothing for a type that this program does not use.
[[nodiscard]] std::optional<std::vector<FieldType>> fields_of(std::uint32_t type);

}  // namespace selvage::nft
