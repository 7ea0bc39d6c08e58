#include "lab/echo.h"

#include <netinet/in.h>
#include <sys/epoll.h>

#include <array>
#include <cerrno>

#include "base/signal_mask.h"
#include "lab/sctp.h"

namespace selvage::lab {
namespace {

/// A socket of both families bound to every address at `port`.
Result<UniqueFd> bound_socket(const Namespace& where, int type, std::uint16_t port) {
  Result<UniqueFd> fd = where.socket(AF_INET6, type | SOCK_NONBLOCK);
  if (!fd) return fd;
  const int off = 0;
  const int on = 1;
  setsockopt(fd->get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  // An IPv4 group that the host is in but the socket has not joined: IPv4 sockets get it by default, these do not.
  if (type == SOCK_DGRAM) setsockopt(fd->get(), IPPROTO_IP, IP_MULTICAST_ALL, &on, sizeof on);
  if (type == SOCK_STREAM) setsockopt(fd->get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const SocketAddress any({IpAddress::zero(IpFamily::v6), port});
  if (bind(fd->get(), any.get(), any.size()) != 0)
    return fail_errno("bind port " + std::to_string(port) + " in " + where.name(), errno);
  if (type == SOCK_STREAM && listen(fd->get(), 128) != 0) return fail_errno("listen in " + where.name(), errno);
  return fd;
}

void echo_datagrams(int fd) {
  std::array<char, 2048> buffer;
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  ssize_t n = 0;
  while ((n = recvfrom(fd, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size)) >= 0) {
    sendto(fd, buffer.data(), static_cast<std::size_t>(n), 0, reinterpret_cast<sockaddr*>(&peer), size);
    size = sizeof peer;
  }
}

/// Answers each INIT for one of `ports`. A raw IPv4 socket delivers the IP header too, an IPv6 one does not.
void answer_sctp(int fd, bool v4, const std::set<std::uint16_t>& ports) {
  std::array<std::uint8_t, 2048> buffer;
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  ssize_t n = 0;
  while ((n = recvfrom(fd, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size)) >= 0) {
    const std::size_t skip = v4 && n > 0 ? (buffer[0] & 0xfU) * 4U : 0U;
    const auto packet = sctp::parse(std::span(buffer).first(static_cast<std::size_t>(n)).subspan(skip));
    if (packet && packet->chunk == sctp::kInit && ports.contains(packet->destination_port)) {
      const std::string answer = sctp::init_ack(*packet);
      if (!v4) reinterpret_cast<sockaddr_in6*>(&peer)->sin6_port = 0;
      sendto(fd, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
    }
    size = sizeof peer;
  }
}

}  // namespace

EchoService::EchoService() : epoll_(epoll_create1(EPOLL_CLOEXEC)), stop_(EventFd::open().value()) {
  epoll_event event{EPOLLIN, {.fd = stop_.get()}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, stop_.get(), &event);
  const BlockedSignals blocked;
  thread_ = std::thread([this] { loop(); });
}

EchoService::~EchoService() {
  stop_.set();
  thread_.join();
}

Result<void> EchoService::serve(const Namespace& where, Transport transport, std::uint16_t port) {
  if (transport == Transport::sctp) return serve_sctp(where, port);
  const bool stream = transport == Transport::tcp;
  Result<UniqueFd> fd = bound_socket(where, stream ? SOCK_STREAM : SOCK_DGRAM, port);
  if (!fd) return tl::unexpected<Error>(fd.error());
  const MutexLock lock(mutex_);
  const Result<int> watched = watch(std::move(*fd), stream ? Kind::listener : Kind::datagram);
  if (!watched) return tl::unexpected<Error>(watched.error());
  return {};
}

Result<void> EchoService::serve_sctp(const Namespace& where, std::uint16_t port) {
  const MutexLock lock(mutex_);
  if (!sctp_sockets_.contains(where.name())) {
    std::pair<int, int> pair;
    for (const Kind kind : {Kind::sctp4, Kind::sctp6}) {
      const bool v4 = kind == Kind::sctp4;
      Result<UniqueFd> raw = where.socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_SCTP);
      if (!raw) return tl::unexpected<Error>(raw.error());
      const Result<int> watched = watch(std::move(*raw), kind);
      if (!watched) return tl::unexpected<Error>(watched.error());
      (v4 ? pair.first : pair.second) = *watched;
    }
    sctp_sockets_[where.name()] = pair;
  }
  const auto [v4, v6] = sctp_sockets_[where.name()];
  sockets_[v4].sctp_ports.insert(port);
  sockets_[v6].sctp_ports.insert(port);
  return {};
}

Result<int> EchoService::watch(UniqueFd fd, Kind kind) {
  const int number = fd.get();
  epoll_event event{EPOLLIN, {.fd = number}};
  sockets_[number] = Socket{std::move(fd), kind, {}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, number, &event) != 0) return fail_errno("epoll_ctl", errno);
  return number;
}

void EchoService::loop() {
  epoll_event event{};
  while (true) {
    if (epoll_wait(epoll_.get(), &event, 1, -1) != 1) continue;
    if (event.data.fd == stop_.get()) return;
    handle(event.data.fd);
  }
}

void EchoService::handle(int fd) {
  const MutexLock lock(mutex_);
  const auto found = sockets_.find(fd);
  if (found == sockets_.end()) return;
  switch (found->second.kind) {
    case Kind::listener:
      return accept_from(fd);
    case Kind::connection:
      return echo_stream(fd);
    case Kind::datagram:
      return echo_datagrams(fd);
    case Kind::sctp4:
    case Kind::sctp6:
      return answer_sctp(fd, found->second.kind == Kind::sctp4, found->second.sctp_ports);
  }
}

void EchoService::accept_from(int listener) {
  UniqueFd fd(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd) return;
  const Result<int> watched = watch(std::move(fd), Kind::connection);
  static_cast<void>(watched);  // a connection that cannot be watched is one that does not answer
}

void EchoService::echo_stream(int fd) {
  std::array<char, 2048> buffer;
  const ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
  if (n > 0) send(fd, buffer.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL);
  if (n == 0 || (n < 0 && errno != EAGAIN)) sockets_.erase(fd);
}

}  // namespace selvage::lab
