#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::controller {

/// The signals that speak to an agent, as a descriptor: SIGTERM and SIGINT, to stop; SIGUSR1, to check itself. From
/// `open` on they are blocked in this thread and in those that it starts.
class Signals {
 public:
  static Result<Signals> open();

  /// Readable when a signal came; for poll(2).
  [[nodiscard]] int fd() const { return fd_.get(); }

  struct Taken {
    bool stop = false;
    bool check = false;
  };
  /// What came since the last call; does not wait.
  [[nodiscard]] Taken take() const;

 private:
  explicit Signals(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace selvage::controller
