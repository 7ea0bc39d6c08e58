#include "policy/compile/port_ranges.h"

#include <algorithm>

namespace selvage::policy {

void add_origin(std::vector<std::string>& origins, const std::string& origin) {
  const auto at = std::lower_bound(origins.begin(), origins.end(), origin);
  if (at == origins.end() || *at != origin) origins.insert(at, origin);
}

std::vector<PortRange> join_ranges(std::vector<PortRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<PortRange> joined;
  for (auto& range : ranges) {
    const bool touches = !joined.empty() && range.first <= std::uint32_t{joined.back().last} + 1;
    if (!touches) {
      joined.push_back(std::move(range));
      continue;
    }
    joined.back().last = std::max(joined.back().last, range.last);
    for (const auto& origin : range.origins) add_origin(joined.back().origins, origin);
  }
  return joined;
}

}  // namespace selvage::policy
