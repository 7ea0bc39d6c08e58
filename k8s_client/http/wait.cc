#include "k8s_client/http/wait.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>

namespace selvage::k8s_client {
namespace {

/// The time-out of poll(2) until `deadline`, rounded up so that no wait ends early.
int milliseconds_until(Moment deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, std::numeric_limits<int>::max()));
}

}  // namespace

void StopSignal::stop() noexcept {
  stopped_ = true;
  event_.set();
}

Wake wait_for(std::vector<pollfd>& polls, const StopSignal& stop, Moment deadline) {
  polls.push_back({stop.get(), POLLIN, 0});
  int ready = 0;
  do {
    ready = poll(polls.data(), polls.size(), milliseconds_until(deadline));
  } while (ready < 0 && errno == EINTR);
  polls.pop_back();
  if (stop.stopped()) return Wake::stopped;
  return ready > 0 ? Wake::ready : Wake::timed_out;
}

Wake wait_for(int fd, short events, const StopSignal& stop, Moment deadline) {
  std::vector<pollfd> polls = {{fd, events, 0}};
  return wait_for(polls, stop, deadline);
}

Error wait_error(Wake wake, const std::string& what) {
  return wake == Wake::stopped ? Error{what + ": stopped", ECANCELED} : Error{what + ": timed out", ETIMEDOUT};
}

}  // namespace selvage::k8s_client
