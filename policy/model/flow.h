#pragma once

#include <cstdint>

#include "base/direction.h"
#include "base/ip_address.h"

namespace selvage::policy {

using selvage::Direction;
using selvage::index;
using selvage::kDirections;

/// The first packet of a flow, as the forward hook sees it.
struct FlowKey {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;
  std::uint16_t destination_port = 0;  ///< 0 where the protocol has none
  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};

}  // namespace selvage::policy
