#include "tests/cluster/held_port.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace selvage::testing {
namespace {

UniqueFd open_socket(const lab::Namespace* where) {
  constexpr int kType = SOCK_STREAM | SOCK_CLOEXEC;
  if (where == nullptr) return UniqueFd(::socket(AF_INET, kType, 0));
  Result<UniqueFd> socket = where->socket(AF_INET, kType);
  if (!socket) throw std::runtime_error(socket.error().message);
  return std::move(*socket);
}

}  // namespace

HeldPort::HeldPort(const lab::Namespace* where) : socket_(open_socket(where)) {
  const int on = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
      ::bind(socket_.get(), any, size) != 0 || ::getsockname(socket_.get(), any, &size) != 0)
    throw std::system_error(errno, std::generic_category(), "bind a port of 127.0.0.1");
  number_ = ntohs(address.sin_port);
}

}  // namespace selvage::testing
