#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "tests/support/pod_network.h"

namespace selvage::testing {

/// Tries connections continuously on a thread of its own. Their ends must outlive this object.
class Prober {
 public:
  explicit Prober(std::vector<Expectation> expectations);
  /// The same with connections of another kind: `round` tries all once and describes each unexpected result.
  explicit Prober(std::function<std::vector<std::string>()> round);
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;
  ~Prober();

  /// Waits until every connection has been tried once more from its start, and reports every unexpected result so far.
  void check();

 private:
  void loop();

  std::function<std::vector<std::string>()> round_;
  Mutex mutex_;
  ConditionVariable round_done_;
  std::size_t rounds_ GUARDED_BY(mutex_) = 0;
  std::vector<std::string> surprises_ GUARDED_BY(mutex_);
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace selvage::testing
