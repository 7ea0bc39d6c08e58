#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace selvage::soak {

/// What was found wrong, by any thread.
class Complaints {
 public:
  void add(std::string text) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(std::move(text));
  }
  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return texts_;
  }
  [[nodiscard]] bool any() const { return !all().empty(); }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> texts_;
};

}  // namespace selvage::soak
