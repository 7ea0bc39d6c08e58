#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "netlink/socket.h"
#include "nft/model/table.h"

/// What counters in the kernel have counted. Each function is one dump of just what it names, from the network
/// namespace in which the socket was opened; needs CAP_NET_ADMIN. A dump that others disturbed is read again, and fails
/// with EINTR when they do not stop.
namespace selvage::nft {

/// By element of the set, which should be such as `spec` says: elements whose key is of another size are left out.
/// Empty where there is no such table or set; zero where its elements do not count.
Result<std::map<ElementKey, CounterValue>> read_element_counts(netlink::Socket& socket, const TableKey& table,
                                                               const std::string& set, const SetSpec& spec);

/// All counters in the chain's rules together. Zero where there is no such table or chain.
Result<CounterValue> read_chain_count(netlink::Socket& socket, const TableKey& table, const std::string& chain);

}  // namespace selvage::nft
