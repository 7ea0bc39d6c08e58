#pragma once

#include <csignal>
#include <functional>
#include <string>

#include "base/result.h"

namespace selvage::k8s_client {

/// While this lives, threads that are started take no signals: the program waits for them elsewhere
/// (signalfd), and a thread that takes them would end the process.
class NoSignals {
 public:
  NoSignals();
  ~NoSignals();
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

/// Runs `job`, which throws nothing, in a thread that nothing waits for. `what` is for the error.
[[nodiscard]] Result<void> start_detached(std::function<void()> job, const std::string& what);

}  // namespace selvage::k8s_client
