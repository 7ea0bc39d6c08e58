#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::controller {

/// The agent's signals as a descriptor: SIGTERM and SIGINT stop it, SIGUSR1 starts a self-check. `open` blocks them in
/// this thread and in those that it starts.
class Signals {
 public:
  static Result<Signals> open();

  /// Readable when a signal has arrived; for poll(2).
  [[nodiscard]] int fd() const { return fd_.get(); }

  struct Taken {
    bool stop = false;
    bool check = false;
  };
  /// The signals since the last call; does not wait.
  [[nodiscard]] Taken take() const;

 private:
  explicit Signals(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace selvage::controller
