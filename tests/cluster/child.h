#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "lab/netns.h"

namespace selvage::testing {

/// File descriptors that a child gets as its 0, 1 and 2; -1: /dev/null.
struct ChildStreams {
  int in = -1;
  int out = -1;
  int err = -1;
};

/// A child process that the kernel kills when the thread that started it ends, however it ends. Move-only; the
/// destructor kills it. Unlike lab::Process, which lets its own end in peace.
class Child {
 public:
  /// Starts argv[0], an absolute path, in `where` (null: the caller's namespace), in a process group of its own.
  /// Throws std::runtime_error.
  Child(const std::vector<std::string>& argv, const lab::Namespace* where, const ChildStreams& streams);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  /// Sends the signal, if it still runs.
  void signal(int number) const;
  /// Whether it runs.
  [[nodiscard]] bool running();
  /// Waits for its end: exit code, or 128 + the signal's number.
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = -1;
  bool ended_ = false;
};

}  // namespace selvage::testing
