#pragma once

#include <csignal>

namespace selvage {

/// Blocks all signals in the calling thread until the end of the scope. Threads started meanwhile inherit the mask and
/// keep it: start each worker thread under one of these, so that signals reach the thread that waits for them.
/// To be destroyed in the thread that constructed it.
class BlockedSignals {
 public:
  BlockedSignals();
  ~BlockedSignals();
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

  /// The mask before, for ppoll(2) and its like.
  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  sigset_t before_{};
};

}  // namespace selvage
