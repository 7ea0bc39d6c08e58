#pragma once

#include <span>

#include "base/result.h"
#include "nft/socket.h"
#include "nft/table.h"

namespace selvage::nft {

/// Reads those of `tables` that exist, whole, by one dump after the other; for NetlinkKernel. EINTR
/// or ENOENT: something changed meanwhile.
Result<Ruleset> read_ruleset(NetlinkSocket& socket, std::span<const TableKey> tables);

/// The number of the ruleset's present state.
Result<std::uint32_t> read_generation(NetlinkSocket& socket);

}  // namespace selvage::nft
