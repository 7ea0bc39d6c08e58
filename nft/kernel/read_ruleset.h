#pragma once

#include <span>

#include "base/result.h"
#include "netlink/socket.h"
#include "nft/model/table.h"

namespace selvage::nft {

/// What was read, and whether the kernel said that anything in nf_tables changed during one of the dumps. Where that
/// was in other tables, the reading is right all the same.
struct Reading {
  Ruleset ruleset;
  bool interrupted = false;
};

/// Reads those of `tables` that exist, whole, by one dump after the other; for NetlinkKernel. EINTR or ENOENT:
/// what was read contradicts itself, as one of the tables was changed meanwhile.
Result<Reading> read_ruleset(netlink::Socket& socket, std::span<const TableKey> tables);

/// The number of the ruleset's present state.
Result<std::uint32_t> read_generation(netlink::Socket& socket);

}  // namespace selvage::nft
