#include "lab/flow.h"

#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace selvage::lab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr milliseconds kConnectPatience{3000};
constexpr milliseconds kFlowResendInterval{250};

bool readable(int fd, short events, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
  pollfd entry{fd, events, 0};
  return poll(&entry, 1, static_cast<int>(std::max<long>(left, 0))) == 1;
}

Result<UniqueFd> bound(const Host& host, const Flow::Path& path, std::uint16_t port) {
  const int type = path.transport == Transport::tcp ? SOCK_STREAM : SOCK_DGRAM;
  Result<UniqueFd> fd = host.space.socket(socket_family(path.family), type | SOCK_NONBLOCK);
  if (!fd) return fd;
  const int on = 1;
  setsockopt(fd->get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const SocketAddress own({host.addresses.of(path.family), port});
  if (bind(fd->get(), own.get(), own.size()) != 0) return fail_errno("bind in " + host.space.name(), errno);
  return fd;
}

/// Connects `fd` to the address that `peer` is bound to.
bool connect_to(const UniqueFd& fd, const UniqueFd& peer) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(peer.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return connect(fd.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 || errno == EINPROGRESS;
}

/// Reads until `token` has come by, or the deadline; what came before it is thrown away.
bool token_comes(int fd, std::string_view token, Clock::time_point deadline) {
  std::string seen;
  std::array<char, 2048> buffer;
  while (readable(fd, POLLIN, deadline)) {
    const ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) return false;
    if (n > 0) seen.append(buffer.data(), static_cast<std::size_t>(n));
    if (seen.find(token) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

Result<Flow> Flow::open(const Path& path) {
  Result<UniqueFd> server = bound(*path.server, path, path.server_port);
  if (!server) return tl::unexpected<Error>(server.error());
  Result<UniqueFd> client = bound(*path.client, path, path.client_port);
  if (!client) return tl::unexpected<Error>(client.error());
  const bool tcp = path.transport == Transport::tcp;
  if (tcp && listen(server->get(), 1) != 0) return fail_errno("listen", errno);
  if (!connect_to(*client, *server)) return fail_errno("connect", errno);
  if (!tcp) {
    if (!connect_to(*server, *client)) return fail_errno("connect", errno);
    return Flow(std::move(*client), std::move(*server), path.transport);
  }
  if (!readable(server->get(), POLLIN, Clock::now() + kConnectPatience)) return fail("flow: not connected", ETIMEDOUT);
  UniqueFd accepted(accept4(server->get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted) return fail_errno("accept", errno);
  return Flow(std::move(*client), std::move(accepted), path.transport);
}

bool Flow::reaches(const UniqueFd& from, const UniqueFd& to, milliseconds patience) {
  const std::string token = "<" + std::to_string(++sent_) + ">";
  const Clock::time_point deadline = Clock::now() + patience;
  do {
    send(from.get(), token.data(), token.size(), MSG_NOSIGNAL);
    const bool once = transport_ == Transport::tcp;
    if (token_comes(to.get(), token, once ? deadline : std::min(deadline, Clock::now() + kFlowResendInterval)))
      return true;
  } while (Clock::now() < deadline);
  return false;
}

Result<UdpInbox> UdpInbox::open(const Namespace& where, std::uint16_t port) {
  Result<UniqueFd> fd = where.socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK);
  if (!fd) return tl::unexpected<Error>(fd.error());
  const int off = 0;
  setsockopt(fd->get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  const SocketAddress any({IpAddress::zero(IpFamily::v6), port});
  if (bind(fd->get(), any.get(), any.size()) != 0) return fail_errno("bind in " + where.name(), errno);
  return UdpInbox(std::move(*fd));
}

bool UdpInbox::received(std::string_view token, milliseconds patience) {
  return token_comes(fd_.get(), token, Clock::now() + patience);
}

}  // namespace selvage::lab
