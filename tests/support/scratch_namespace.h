#pragma once

#include <functional>
#include <string>

namespace selvage::testing {

/// A network namespace of a test's own, gone with this object (and with the process: it has no name
/// in the file system). Needs root; construction without it throws std::runtime_error.
class ScratchNamespace {
 public:
  ScratchNamespace();
  ~ScratchNamespace();
  ScratchNamespace(const ScratchNamespace&) = delete;
  ScratchNamespace& operator=(const ScratchNamespace&) = delete;

  /// Calls `work` inside, on a thread of its own, and waits for it. What it throws comes out here.
  /// Sockets opened inside stay there. Catch2 v2's assertions must stay outside: one thread only.
  void run(const std::function<void()>& work) const;

  /// Runs a program inside (`sh -c command`) with `input` as its standard input. What it wrote to
  /// standard output and error; throws std::runtime_error with that when it fails.
  std::string shell(const std::string& command, const std::string& input = {}) const;

 private:
  int fd_ = -1;
};

}  // namespace selvage::testing
