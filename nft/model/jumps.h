#pragma once

#include <functional>
#include <string>

#include "nft/model/table.h"

/// What refers to chains and sets inside a table.
namespace selvage::nft {

/// Whether a rule of any chain, or a verdict of any map, names the chain.
[[nodiscard]] bool is_chain_used(const Table& table, const std::string& chain);

/// Whether a rule of any chain looks the set up.
[[nodiscard]] bool is_set_used(const Table& table, const std::string& set);

/// Whether packets would nest too deep: from a base chain over jumps and gotos (of rules and of the
/// maps that rules look up), the 16th step leads nowhere (NFT_JUMP_STACK_SIZE, and a circle has no
/// end). The kernel asks this of the chains that base chains reach, at the end of a transaction.
[[nodiscard]] bool jumps_too_deep(const Table& table);

}  // namespace selvage::nft
