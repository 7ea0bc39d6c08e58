#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage {

/// Something that may happen, as a descriptor for poll(2): readable from `set` until `clear`. Non-blocking and
/// close-on-exec. Thread-safe, and safe in signal handlers.
class EventFd {
 public:
  /// Not set. Fails when the process or the system has no descriptor left.
  static Result<EventFd> open();

  void set() const noexcept;
  void clear() const noexcept;

  /// Valid as long as this object.
  [[nodiscard]] int get() const { return fd_.get(); }

 private:
  explicit EventFd(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;  ///< eventfd(2)
};

}  // namespace selvage
