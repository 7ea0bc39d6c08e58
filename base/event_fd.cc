#include "base/event_fd.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <utility>

namespace selvage {

Result<EventFd> EventFd::open() {
  UniqueFd fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) return fail_errno("eventfd", errno);
  return EventFd(std::move(fd));
}

void EventFd::set() const noexcept {
  // Fails only when the counter is at its limit, and then the descriptor is readable already.
  [[maybe_unused]] const int ignored = eventfd_write(fd_.get(), 1);
}

void EventFd::clear() const noexcept {
  // Fails only when the counter is zero.
  eventfd_t count = 0;
  [[maybe_unused]] const int ignored = eventfd_read(fd_.get(), &count);
}

}  // namespace selvage
