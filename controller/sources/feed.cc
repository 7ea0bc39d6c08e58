#include "controller/sources/feed.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <limits>
#include <utility>
#include <variant>

namespace selvage::controller {
namespace {

/// Until `deadline` as poll(2) takes it.
int poll_timeout(const std::optional<Moment>& deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, std::numeric_limits<int>::max()));
}

}  // namespace

Result<Feed> Feed::start(const SourceOptions& options, const Monitoring& monitoring) {
  auto mailbox = Mailbox::open();
  if (!mailbox) return tl::unexpected(mailbox.error());
  auto source = start_source(options, **mailbox, monitoring);
  if (!source) return tl::unexpected(source.error());
  return Feed(std::move(*mailbox), std::move(*source));
}

bool Feed::refused_any() const {
  return std::visit([](const auto& source) { return source->refused_any(); }, source_);
}

Result<void> Feed::await_first_list(const Take& take, const Limits& limits) {
  for (;;) {
    std::array<pollfd, 2> fds = {pollfd{fd(), POLLIN, 0}, pollfd{limits.stop_fd, POLLIN, 0}};
    const int ready = poll(fds.data(), fds.size(), poll_timeout(limits.deadline));
    if (ready < 0 && errno != EINTR) return fail_errno("poll", errno);
    if (limits.stopped && limits.stopped()) return fail("stopped before the first full list arrived", ECANCELED);
    const Mailbox::Contents contents = this->take();
    if (contents.error) return tl::unexpected(*contents.error);
    take(contents);
    if (contents.synced) return {};
    if (ready == 0) return fail("no full list arrived in time", ETIMEDOUT);
  }
}

}  // namespace selvage::controller
