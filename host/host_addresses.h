#pragma once

#include <set>

#include "base/ip_address.h"
#include "base/result.h"

namespace selvage::host {

/// All addresses of this network namespace's own devices (getifaddrs(3)). Packets from or to one of them pass the input
/// and output hooks, never the forward hook.
Result<std::set<IpAddress>> host_addresses();

}  // namespace selvage::host
