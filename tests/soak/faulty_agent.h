#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/event_fd.h"
#include "base/mutex.h"
#include "lab/netns.h"
#include "tests/support/faulty_kernel.h"

namespace selvage::soak {

/// An agent in this process, made of the program's parts (run_agent), with a kernel between its enforcer and that of
/// `where` that refuses and fails on demand. Without HTTP and denied packets.
class FaultyAgent {
 public:
  FaultyAgent(const lab::Namespace& where, std::filesystem::path manifests, std::uint64_t seed);
  FaultyAgent(const FaultyAgent&) = delete;
  FaultyAgent& operator=(const FaultyAgent&) = delete;
  ~FaultyAgent();

  /// Applies `treatment` to the kernel on the agent's thread, and returns when that is done.
  void treat(const std::function<void(testing::FaultyKernel&)>& treatment);
  /// Throws when the agent has ended.
  void check_running();

 private:
  struct Loop;
  Result<void> run();
  void obey(testing::FaultyKernel& kernel);

  const lab::Namespace& where_;
  std::filesystem::path manifests_;
  std::uint64_t seed_;
  EventFd wake_;
  Mutex mutex_;
  std::vector<std::function<void(testing::FaultyKernel&)>> orders_ GUARDED_BY(mutex_);
  bool stop_ GUARDED_BY(mutex_) = false;
  std::string failure_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace selvage::soak
