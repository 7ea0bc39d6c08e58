#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "policy/model/model.h"

namespace selvage::bench {

/// Something that happens to a cluster of `world.h`, again and again.
struct Change {
  std::string name;
  /// The events of time number `i`, which arrive together.
  std::function<std::vector<policy::Event>(std::size_t i)> events;
};

/// All that is measured, in the order in which it has to be applied, to a world of `pods` pods and `policies` policies.
[[nodiscard]] std::vector<Change> make_changes(std::size_t pods, std::size_t policies);

}  // namespace selvage::bench
