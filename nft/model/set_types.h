#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "nft/model/table.h"

/// nft(8)'s numbers for the types of set keys (include/datatype.h in the source of nftables). The kernel stores the
/// number without using it; `nft list` prints by it.
namespace selvage::nft {

/// NFTA_SET_KEY_TYPE: in a concatenation six bits for each field, the first field highest.
[[nodiscard]] std::uint32_t key_type(const std::vector<FieldType>& key);
/// The inverse; nothing for a type that this program does not use.
[[nodiscard]] std::optional<std::vector<FieldType>> fields_of(std::uint32_t type);

}  // namespace selvage::nft
