#include "telemetry/http_listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace selvage::telemetry {
namespace {

/// Bound the kernel's buffers for clients that do not read.
constexpr int kSendBuffer = 64 << 10;
constexpr int kReceiveBuffer = 16 << 10;
constexpr int kBacklog = 512;
/// Seconds for which the kernel keeps clients that connect and send nothing. So most clients have sent their request
/// when they are accepted, and are answered before another client can displace them.
constexpr int kDeferAccept = 5;
constexpr std::size_t kIpv6Network = 8;

/// A socket address of either family.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress socket_address(const HttpAddress& from) {
  SocketAddress made;
  if (from.address.family() == IpFamily::v4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(from.port);
    std::memcpy(&address.sin_addr, from.address.data(), from.address.size());
    std::memcpy(&made.storage, &address, made.size = sizeof(address));
  } else {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(from.port);
    std::memcpy(&address.sin6_addr, from.address.data(), from.address.size());
    std::memcpy(&made.storage, &address, made.size = sizeof(address));
  }
  return made;
}

HttpAddress http_address(const SocketAddress& from) {
  if (from.storage.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &from.storage, sizeof(address));
    return {IpAddress::from_bytes(IpFamily::v4, &address.sin_addr), ntohs(address.sin_port)};
  }
  sockaddr_in6 address{};
  std::memcpy(&address, &from.storage, sizeof(address));
  return {IpAddress::from_bytes(IpFamily::v6, &address.sin6_addr), ntohs(address.sin6_port)};
}

bool set_option(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

std::string_view remedy(int code) {
  switch (code) {
    case EADDRINUSE:
      return "; choose another port, or stop the program that listens there (ss -ltnp)";
    case EADDRNOTAVAIL:
      return "; choose an address that this machine has (ip address)";
    case EACCES:
      return "; choose a port above 1023";
    case EAFNOSUPPORT:
      return "; the kernel lacks this address family: choose an address of the other one";
    default:
      return "; choose another address or port";
  }
}

tl::unexpected<Error> cannot_listen(const HttpAddress& address, int code) {
  Error error = fail_errno("cannot listen for HTTP on " + to_string(address), code).value();
  error.message += remedy(code);
  return tl::unexpected(std::move(error));
}

}  // namespace

std::string to_string(const HttpAddress& address) {
  const std::string host = address.address.to_string();
  return (address.address.family() == IpFamily::v4 ? host : "[" + host + "]") + ":" + std::to_string(address.port);
}

Result<HttpListener> listen_on(const HttpAddress& address) {
  const int family = address.address.family() == IpFamily::v4 ? AF_INET : AF_INET6;
  UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return cannot_listen(address, errno);
  const int fd = socket.get();
  const bool set = set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set_option(fd, SOL_SOCKET, SO_SNDBUF, kSendBuffer) &&
                   set_option(fd, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer) &&
                   set_option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, kDeferAccept) &&
                   (family == AF_INET || set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1));
  SocketAddress bound = socket_address(address);
  if (!set || ::bind(fd, bound.get(), bound.size) != 0 || ::listen(fd, kBacklog) != 0 ||
      ::getsockname(fd, bound.get(), &bound.size) != 0) {
    return cannot_listen(address, errno);
  }
  return HttpListener{std::move(socket), http_address(bound)};
}

HttpClient accept_from(const HttpListener& listener) {
  SocketAddress from;
  HttpClient client;
  client.socket.reset(::accept4(listener.socket.get(), from.get(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!client.socket) return client;
  const IpAddress address = http_address(from).address;
  client.peer = address.key().substr(0, kIpv6Network);
  return client;
}

}  // namespace selvage::telemetry
