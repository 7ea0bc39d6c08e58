#include "controller/agent/poll_loop.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/deadline.h"

namespace selvage::controller {
namespace {

int timeout_ms(const std::optional<Moment>& until) {
  if (!until) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 60'000));
}

}  // namespace

void PollLoop::on_readable(std::function<int()> fd, Handler handler) {
  descriptors_.push_back({std::move(fd), std::move(handler)});
}

void PollLoop::on_readable(int fd, Handler handler) {
  on_readable([fd] { return fd; }, std::move(handler));
}

void PollLoop::on_due(std::function<std::optional<Moment>()> due, Handler handler) {
  timers_.push_back({std::move(due), std::move(handler)});
}

void PollLoop::observe(std::function<void(std::optional<Moment> until)> waits, Handler works) {
  waits_ = std::move(waits);
  works_ = std::move(works);
}

std::optional<Moment> PollLoop::first_due() const {
  std::optional<Moment> first;
  for (const Timer& timer : timers_) first = earlier(first, timer.due());
  return first;
}

Result<void> PollLoop::turn() {
  std::vector<pollfd> fds;
  fds.reserve(descriptors_.size());
  for (const Descriptor& descriptor : descriptors_) fds.push_back({descriptor.fd(), POLLIN, 0});
  const auto until = first_due();
  if (waits_) waits_(until);
  const int ready = poll(fds.data(), fds.size(), timeout_ms(until));
  const int error = errno;
  if (works_) works_();
  if (ready < 0 && error == EINTR) return {};
  if (ready < 0) return fail_errno("poll", error);
  for (std::size_t i = 0; i < fds.size() && !stopped_; ++i) {
    if (fds[i].revents != 0) descriptors_[i].handler();
  }
  for (const Timer& timer : timers_) {
    if (stopped_) break;
    const auto due = timer.due();
    if (due && *due <= Clock::now()) timer.handler();
  }
  return {};
}

Result<void> PollLoop::run() {
  while (!stopped_) {
    if (auto done = turn(); !done) return done;
  }
  return {};
}

}  // namespace selvage::controller
