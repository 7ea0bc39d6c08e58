#pragma once

#include <string>
#include <vector>

#include "cluster.h"

namespace selvage::packets {

/// Both tables of a node as nft lists them, without counters, ownership, and the elements that depend on connections
/// (`cut`, `fastpath-state`, `fastpath-pods`): sets, maps and chains in the order of their text. Empty while one of the
/// tables is missing.
std::vector<std::string> listing(Cluster& cluster, unsigned node = 1);

}  // namespace selvage::packets
