#pragma once

#include <functional>
#include <string>

namespace selvage::testing {

/// A test's own network namespace, which ends with this object (and with the process: it has no name in the file
/// system). Needs root; otherwise construction throws std::runtime_error.
class ScratchNamespace {
 public:
  ScratchNamespace();
  ~ScratchNamespace();
  ScratchNamespace(const ScratchNamespace&) = delete;
  ScratchNamespace& operator=(const ScratchNamespace&) = delete;

  /// Calls `work` inside, on a thread of its own, and waits for it. Rethrows its exceptions.
  /// Sockets opened inside stay there. Catch2 v2's assertions must stay outside: one thread only.
  void run(const std::function<void()>& work) const;

  /// Runs a program inside (`sh -c command`) with `input` as its standard input. Returns its standard
  /// output and error; throws std::runtime_error with them when it fails.
  std::string shell(const std::string& command, const std::string& input = {}) const;

 private:
  int fd_ = -1;
};

}  // namespace selvage::testing
