#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "lab/netns.h"
#include "tests/support/faulty_kernel.h"

namespace selvage::soak {

/// An agent put together from the parts that the program has (run_agent), in this process: between its enforcer and the
/// kernel of `where` stands one that refuses and fails on demand. Without HTTP and denied packets.
class FaultyAgent {
 public:
  FaultyAgent(const lab::Namespace& where, std::filesystem::path manifests, std::uint64_t seed);
  FaultyAgent(const FaultyAgent&) = delete;
  FaultyAgent& operator=(const FaultyAgent&) = delete;
  ~FaultyAgent();

  /// Has the kernel treated so, on the agent's thread, and returns when that is done.
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
  UniqueFd wake_;
  std::mutex mutex_;
  std::vector<std::function<void(testing::FaultyKernel&)>> orders_;
  bool stop_ = false;
  std::string failure_;
  std::thread thread_;
};

}  // namespace selvage::soak
