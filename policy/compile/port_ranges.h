#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace selvage::policy {

/// Ports first to last (inclusive) and the policies that allow them.
struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  std::vector<std::string> origins;  ///< "namespace/name", sorted, without repeats

  friend bool operator==(const PortRange&, const PortRange&) = default;
};

/// Joins ranges that overlap or touch, so that an interval set takes them; sorted by port.
[[nodiscard]] std::vector<PortRange> join_ranges(std::vector<PortRange> ranges);

/// Adds `origin` to a sorted list once.
void add_origin(std::vector<std::string>& origins, const std::string& origin);

}  // namespace selvage::policy
