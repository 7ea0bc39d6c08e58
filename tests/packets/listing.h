#pragma once

#include <string>
#include <vector>

#include "cluster.h"

namespace selvage::packets {

/// Both tables of a node as nft lists them, without counters, without who owns them, and without what is known of
/// connections (`cut`, `fastpath-state`, `fastpath-pods`), which come and go on their own: sets, maps and chains in the
/// order of their text. Empty while one of the tables is not there.
std::vector<std::string> listing(Cluster& cluster, unsigned node = 1);

}  // namespace selvage::packets
