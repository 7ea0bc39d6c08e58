#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace selvage {

/// The direction of traffic seen from a pod: what enters it, or what leaves it.
enum class Direction : std::uint8_t { ingress = 0, egress = 1 };
inline constexpr Direction kDirections[] = {Direction::ingress, Direction::egress};
[[nodiscard]] constexpr std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }

/// "ingress" or "egress".
[[nodiscard]] inline std::string to_string(Direction direction) {
  return direction == Direction::ingress ? "ingress" : "egress";
}

}  // namespace selvage
