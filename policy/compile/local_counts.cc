#include "policy/compile/local_counts.h"

#include <algorithm>
#include <functional>

namespace selvage::policy {

LocalCounts& LocalCounts::operator+=(const LocalCounts& other) {
  const auto add = [](auto& sums, const auto& more) {
    std::ranges::transform(sums, more, sums.begin(), std::plus<>());
  };
  add(addresses, other.addresses);
  add(isolated, other.isolated);
  add(permissions, other.permissions);
  return *this;
}

LocalCounts& LocalCounts::operator-=(const LocalCounts& other) {
  const auto take = [](auto& sums, const auto& less) {
    std::ranges::transform(sums, less, sums.begin(), std::minus<>());
  };
  take(addresses, other.addresses);
  take(isolated, other.isolated);
  take(permissions, other.permissions);
  return *this;
}

}  // namespace selvage::policy
