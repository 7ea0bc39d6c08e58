#pragma once

#include <span>

#include "base/result.h"
#include "netlink/socket.h"
#include "nft/model/table.h"

namespace selvage::nft {

/// The tables, and whether the kernel reported that anything in nf_tables changed during one of the dumps. If that was
/// in other tables, the result is correct all the same.
struct Reading {
  Ruleset ruleset;
  bool interrupted = false;
};

/// Reads those of `tables` that exist, whole, one dump after the other; for NetlinkKernel. EINTR or ENOENT: the dumps
/// contradict each other, since one of the tables was changed meanwhile.
Result<Reading> read_ruleset(netlink::Socket& socket, std::span<const TableKey> tables);

/// The generation of the ruleset.
Result<std::uint32_t> read_generation(netlink::Socket& socket);

}  // namespace selvage::nft
