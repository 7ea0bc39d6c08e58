#include "k8s_client/http/dial.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace selvage::k8s_client {
namespace {

constexpr std::chrono::milliseconds kHeadStart{250};
constexpr int kKeepaliveIdle = 30;      // seconds
constexpr int kKeepaliveInterval = 10;  // seconds
constexpr int kKeepaliveProbes = 3;
/// A little less than the time of keepalive: with this option the kernel counts time instead of probes.
constexpr int kUserTimeout = 55'000;  // milliseconds

int set_option(int fd, int level, int name, int value) { return setsockopt(fd, level, name, &value, sizeof value); }

Result<UniqueFd> make_socket(int family) {
  UniqueFd fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fail_errno("socket", errno);
  if (set_option(fd.get(), SOL_SOCKET, SO_KEEPALIVE, 1) != 0 ||
      set_option(fd.get(), IPPROTO_TCP, TCP_KEEPIDLE, kKeepaliveIdle) != 0 ||
      set_option(fd.get(), IPPROTO_TCP, TCP_KEEPINTVL, kKeepaliveInterval) != 0 ||
      set_option(fd.get(), IPPROTO_TCP, TCP_KEEPCNT, kKeepaliveProbes) != 0 ||
      set_option(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, kUserTimeout) != 0 ||
      set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1) != 0) {
    return fail_errno("socket options", errno);
  }
  return fd;
}

/// The running attempts.
class Dialing {
 public:
  explicit Dialing(const std::vector<Endpoint>& endpoints) : endpoints_(endpoints) {}

  /// Starts the attempts that are due.
  void start(Moment now) {
    while (next_ < endpoints_.size() && (now >= next_at_ || attempts_.empty())) {
      next_at_ = now + kHeadStart;
      begin(endpoints_[next_++]);
    }
  }
  [[nodiscard]] bool lost() const { return attempts_.empty(); }
  [[nodiscard]] Error error() const { return error_.value_or(Error{"no address", EADDRNOTAVAIL}); }
  /// When to poll again at the latest.
  [[nodiscard]] Moment next_look(Moment deadline) const {
    return next_ < endpoints_.size() ? std::min(deadline, next_at_) : deadline;
  }
  [[nodiscard]] std::vector<pollfd> polls() const;
  /// Handles the results of poll(2), and returns the connected socket, if there is one.
  UniqueFd choose(const std::vector<pollfd>& polls);

 private:
  struct Attempt {
    UniqueFd fd;
    const Endpoint* endpoint;
  };
  void begin(const Endpoint& endpoint);
  void failed(const Endpoint& endpoint, const Error& error);

  const std::vector<Endpoint>& endpoints_;
  std::size_t next_ = 0;
  Moment next_at_{};
  std::vector<Attempt> attempts_;
  std::optional<Error> error_;
};

void Dialing::failed(const Endpoint& endpoint, const Error& error) {
  const Error named{"connect to " + to_string(endpoint) + ": " + error.message, error.code};
  error_ = error_ ? Error{error_->message + "; " + named.message, error_->code} : named;
  next_at_ = {};
}

void Dialing::begin(const Endpoint& endpoint) {
  auto fd = make_socket(endpoint.address.ss_family);
  if (!fd) return failed(endpoint, fd.error());
  const auto* address = reinterpret_cast<const sockaddr*>(&endpoint.address);
  if (connect(fd->get(), address, endpoint.size) != 0 && errno != EINPROGRESS) {
    return failed(endpoint, Error{std::generic_category().message(errno), errno});
  }
  attempts_.push_back({std::move(*fd), &endpoint});
}

std::vector<pollfd> Dialing::polls() const {
  std::vector<pollfd> polls;
  for (const Attempt& attempt : attempts_) polls.push_back({attempt.fd.get(), POLLOUT, 0});
  return polls;
}

UniqueFd Dialing::choose(const std::vector<pollfd>& polls) {
  // From the end, so that an erased entry does not move the remaining ones.
  for (std::size_t i = polls.size(); i-- > 0;) {
    if (polls[i].revents == 0) continue;
    int code = 0;
    socklen_t size = sizeof code;
    if (getsockopt(polls[i].fd, SOL_SOCKET, SO_ERROR, &code, &size) != 0) code = errno;
    if (code == 0) return std::move(attempts_[i].fd);
    failed(*attempts_[i].endpoint, Error{std::generic_category().message(code), code});
    attempts_.erase(attempts_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return {};
}

}  // namespace

Result<UniqueFd> dial(const std::vector<Endpoint>& endpoints, const StopSignal& stop, Moment deadline) {
  Dialing dialing(endpoints);
  for (;;) {
    dialing.start(Clock::now());
    if (dialing.lost()) return tl::unexpected(dialing.error());
    auto polls = dialing.polls();
    const Wake wake = wait_for(polls, stop, dialing.next_look(deadline));
    if (wake == Wake::ready) {
      UniqueFd fd = dialing.choose(polls);
      if (fd) return fd;
    }
    if (wake == Wake::stopped || (wake == Wake::timed_out && Clock::now() >= deadline)) {
      return tl::unexpected(wait_error(wake, "connect to " + to_string(endpoints.front())));
    }
  }
}

}  // namespace selvage::k8s_client
