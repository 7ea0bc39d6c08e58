#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "policy/model/model.h"

namespace selvage::bench {

/// A repeatable change of a cluster of `world.h`.
struct Change {
  std::string name;
  /// The events of repetition `i`, which arrive together.
  std::function<std::vector<policy::Event>(std::size_t i)> events;
};

/// All measured changes of a world of `pods` pods and `policies` policies, in the order in which to apply them.
[[nodiscard]] std::vector<Change> make_changes(std::size_t pods, std::size_t policies);

}  // namespace selvage::bench
