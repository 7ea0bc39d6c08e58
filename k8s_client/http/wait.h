#pragma once

#include <poll.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::k8s_client {

/// Something that may happen, as a descriptor for poll(2): readable once it has. Thread-safe.
class EventFd {
 public:
  static Result<EventFd> make();

  /// It has happened.
  void set() const noexcept;
  /// It has been seen; the next `set` makes it readable again.
  void clear() const noexcept;
  [[nodiscard]] int get() const { return fd_.get(); }

 private:
  explicit EventFd(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;  ///< eventfd(2)
};

/// Ends every wait below from another thread, for good. Thread-safe.
class StopSignal {
 public:
  explicit StopSignal(EventFd event) : event_(std::move(event)) {}

  void stop() noexcept;
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] int get() const { return event_.get(); }

 private:
  std::atomic<bool> stopped_ = false;
  EventFd event_;
};

/// How a wait ended.
enum class Wake : std::uint8_t { ready, stopped, timed_out };

/// Waits until one of `polls` is ready; their `revents` say which. A stop goes before what is ready.
[[nodiscard]] Wake wait_for(std::vector<pollfd>& polls, const StopSignal& stop, Moment deadline);

/// Same for one descriptor and the `events` of poll(2).
[[nodiscard]] Wake wait_for(int fd, short events, const StopSignal& stop, Moment deadline);

/// The error of a wait that did not end by `Wake::ready`: ECANCELED or ETIMEDOUT, after `what`.
[[nodiscard]] Error wait_error(Wake wake, const std::string& what);

}  // namespace selvage::k8s_client
