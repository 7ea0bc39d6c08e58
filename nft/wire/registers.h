#pragma once

#include <linux/netfilter/nf_tables.h>

#include <cstdint>
#include <optional>

#include "nft/model/expression.h"

namespace selvage::nft {

/// The kernel's number of a register, as nft(8) and the kernel write it: NFT_REG_1..4 where a
/// 128-bit register starts, NFT_REG32_00.. elsewhere.
[[nodiscard]] constexpr std::uint32_t register_number(Register index) {
  return index % 4 == 0 ? NFT_REG_1 + index / 4U : NFT_REG32_00 + std::uint32_t{index};
}

/// The inverse; nothing for the verdict register and for invalid numbers.
[[nodiscard]] constexpr std::optional<Register> register_index(std::uint32_t number) {
  if (number >= NFT_REG_1 && number <= NFT_REG_4) return static_cast<Register>((number - NFT_REG_1) * 4);
  if (number >= NFT_REG32_00 && number <= NFT_REG32_15) return static_cast<Register>(number - NFT_REG32_00);
  return std::nullopt;
}

}  // namespace selvage::nft
