#pragma once

#include <vector>

#include "base/ip_address.h"

namespace selvage::host {

/// The addresses at which others reach this node, at most one for each family: the source addresses of packets to the
/// default route. Without such a route, the loopback addresses. Sends no packet.
[[nodiscard]] std::vector<IpAddress> node_addresses();

}  // namespace selvage::host
