#pragma once

#include <string>
#include <vector>

#include "base/mutex.h"

namespace selvage::soak {

/// Failures found so far. Thread-safe.
class Complaints {
 public:
  void add(std::string text) {
    const MutexLock lock(mutex_);
    texts_.push_back(std::move(text));
  }
  [[nodiscard]] std::vector<std::string> all() const {
    const MutexLock lock(mutex_);
    return texts_;
  }
  [[nodiscard]] bool any() const { return !all().empty(); }

 private:
  mutable Mutex mutex_;
  std::vector<std::string> texts_ GUARDED_BY(mutex_);
};

}  // namespace selvage::soak
