#pragma once

#include <set>

#include "base/ip_address.h"
#include "base/result.h"

namespace selvage::host {

/// All addresses of this network namespace's own devices (getifaddrs(3)). What comes from or goes to
/// one of them passes the input and output hooks and never the forward hook.
Result<std::set<IpAddress>> host_addresses();

}  // namespace selvage::host
