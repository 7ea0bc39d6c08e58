#include "bench/datapath/sockets.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace selvage::bench {
namespace {

sockaddr_in socket_address(const IpAddress& address, std::uint16_t port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(port);
  std::memcpy(&made.sin_addr, address.data(), sizeof(made.sin_addr));
  return made;
}

}  // namespace

Result<void> bind_to(const UniqueFd& fd, const IpAddress& address, std::uint16_t port) {
  const sockaddr_in own = socket_address(address, port);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof(own)) != 0) return fail_errno("bind", errno);
  return {};
}

Result<void> connect_to(const UniqueFd& fd, const IpAddress& address, std::uint16_t port) {
  const sockaddr_in peer = socket_address(address, port);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) != 0 && errno != EINPROGRESS)
    return fail_errno("connect", errno);
  return {};
}

void close_by_reset(const UniqueFd& fd) {
  const linger reset{1, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

}  // namespace selvage::bench
