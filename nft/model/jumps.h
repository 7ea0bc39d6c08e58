#pragma once

#include <functional>
#include <string>

#include "nft/model/table.h"

/// References to chains and sets inside a table.
namespace selvage::nft {

/// Whether a rule of any chain, or a verdict of any map, names the chain.
[[nodiscard]] bool is_chain_used(const Table& table, const std::string& chain);

/// Whether a rule of any chain looks up the set.
[[nodiscard]] bool is_set_used(const Table& table, const std::string& set);

/// Whether some path of jumps and gotos (of rules, and of maps that rules look up) from a base chain has 16 steps or
/// more (NFT_JUMP_STACK_SIZE) or contains a cycle. The kernel checks this at the end of a transaction, for the chains
/// that base chains reach.
[[nodiscard]] bool jumps_too_deep(const Table& table);

}  // namespace selvage::nft
