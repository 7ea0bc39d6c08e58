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

/// A child process that the kernel kills when the thread that started it ends, however that comes about; the
/// destructor kills it, too. (lab::Process lets its own end in peace, and they outlive a killed test.)
class Child {
 public:
  /// Starts argv[0], an absolute path, in `where` (null: the caller's namespace), in a process group of its own.
  /// Throws std::runtime_error.
  Child(const std::vector<std::string>& argv, const lab::Namespace* where, const ChildStreams& streams);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /// Sends the signal, if the child still runs.
  void signal(int number) const;
  [[nodiscard]] bool running();
  /// Waits for its end: exit code, or 128 + the signal's number.
  int wait();

 private:
  void note_end(int status);

  pid_t pid_ = -1;
  int status_ = -1;
  bool ended_ = false;
};

}  // namespace selvage::testing
