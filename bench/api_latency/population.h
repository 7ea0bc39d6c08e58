#pragma once

#include <cstddef>

#include "tests/cluster/api_server.h"

namespace selvage::bench {

/// The generated cluster (bench/world.h) in an API server, resized on request by several clients at once. For one
/// thread.
class Population {
 public:
  /// Creates the namespaces. `server` must outlive this object. Every member throws std::runtime_error.
  explicit Population(const testing::ApiServer& server);

  /// Creates pods 0 to `pods`, running and with addresses, and policies 0 to `policies`; deletes policies above. Pods
  /// are only added.
  void become(std::size_t pods, std::size_t policies);

 private:
  const testing::ApiServer& server_;
  std::size_t pods_ = 0;
  std::size_t policies_ = 0;
};

}  // namespace selvage::bench
