#pragma once

#include <vector>

#include "base/ip_address.h"

namespace selvage::host {

/// The addresses at which others reach this node, at most one of a family: those that packets to the default route
/// leave with. Loopback's where there is no such route. Sends no packet.
[[nodiscard]] std::vector<IpAddress> node_addresses();

}  // namespace selvage::host
