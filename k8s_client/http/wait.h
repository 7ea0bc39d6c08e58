#pragma once

#include <poll.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/event_fd.h"
#include "base/result.h"

namespace selvage::k8s_client {

/// Ends all current and later waits, from another thread. Thread-safe.
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

/// Waits until one of `polls` is ready, as `revents` shows. A stop takes precedence.
[[nodiscard]] Wake wait_for(std::vector<pollfd>& polls, const StopSignal& stop, Moment deadline);

/// Same for one descriptor and the `events` of poll(2).
[[nodiscard]] Wake wait_for(int fd, short events, const StopSignal& stop, Moment deadline);

/// The error of a wait that did not end by `Wake::ready`: ECANCELED or ETIMEDOUT, after `what`.
[[nodiscard]] Error wait_error(Wake wake, const std::string& what);

}  // namespace selvage::k8s_client
