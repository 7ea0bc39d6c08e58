#pragma once

#include <cstddef>
#include <cstdint>

#include "base/ip_address.h"

namespace selvage::policy {

/// The direction of traffic that a policy judges, seen from the pod: what enters it, or what leaves it.
enum class Direction : std::uint8_t { ingress = 0, egress = 1 };
inline constexpr Direction kDirections[] = {Direction::ingress, Direction::egress};
[[nodiscard]] constexpr std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }

/// The first packet of a flow, as the forward hook sees it.
struct FlowKey {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;
  std::uint16_t destination_port = 0;  ///< 0 where the protocol has none
  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};

}  // namespace selvage::policy
