#pragma once

#include <atomic>
#include <thread>

#include "tests/cluster/api_client.h"

namespace selvage::testing {

/// Touches an object of each resource of a FaultScene a few times a second, so that a watch on which nothing comes for
/// longer is one that is broken. On a thread of its own, from construction on; bears with a server that is away.
class Pulse {
 public:
  explicit Pulse(const ApiServer& server);
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;
  ~Pulse();

 private:
  void loop();

  ApiClient client_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace selvage::testing
