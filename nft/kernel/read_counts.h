#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "netlink/socket.h"
#include "nft/model/table.h"

/// Values of counters in the kernel. Each function makes one dump of exactly the object that it names, from the network
/// namespace in which the socket was opened; needs CAP_NET_ADMIN. A dump that others disturbed is read again, and fails
/// with EINTR when they do not stop.
namespace selvage::nft {

/// By element of the set, which should match `spec`: elements whose key has another size are left out. Empty when the
/// table or set does not exist; zero when its elements do not count.
Result<std::map<ElementKey, CounterValue>> read_element_counts(netlink::Socket& socket, const TableKey& table,
                                                               const std::string& set, const SetSpec& spec);

/// The sum of all counters in the chain's rules. Zero when the table or chain does not exist.
Result<CounterValue> read_chain_count(netlink::Socket& socket, const TableKey& table, const std::string& chain);

}  // namespace selvage::nft
