#pragma once

#include <cstddef>

#include "tests/cluster/api_server.h"

namespace selvage::bench {

/// The made-up cluster (bench/world.h) in an API server: grows and shrinks to the size that is asked for, by several
/// clients at once. One thread.
class Population {
 public:
  /// Creates the namespaces. `server` outlives this. Throws std::runtime_error, as all here does.
  explicit Population(const testing::ApiServer& server);

  /// Makes pods 0 to `pods`, running and with addresses, and policies 0 to `policies`; deletes policies above. Pods
  /// only grow.
  void become(std::size_t pods, std::size_t policies);

 private:
  const testing::ApiServer& server_;
  std::size_t pods_ = 0;
  std::size_t policies_ = 0;
};

}  // namespace selvage::bench
