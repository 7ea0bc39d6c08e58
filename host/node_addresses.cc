#include "host/node_addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>

#include "base/unique_fd.h"

namespace selvage::host {
namespace {

/// The source address that the kernel chooses for packets to `far`, if it has a route there.
template <class SocketAddress>
std::optional<SocketAddress> source_towards(const SocketAddress& far, int family) {
  const UniqueFd fd(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // For datagrams connect(2) looks up the route and sends nothing.
  if (!fd || connect(fd.get(), reinterpret_cast<const sockaddr*>(&far), sizeof far) != 0) return std::nullopt;
  SocketAddress source{};
  socklen_t size = sizeof source;
  if (getsockname(fd.get(), reinterpret_cast<sockaddr*>(&source), &size) != 0) return std::nullopt;
  return source;
}

/// Towards TEST-NET-1 (RFC 5737), which no host uses.
std::optional<IpAddress> source4() {
  sockaddr_in far{};
  far.sin_family = AF_INET;
  far.sin_port = htons(9);
  inet_pton(AF_INET, "192.0.2.1", &far.sin_addr);
  const auto source = source_towards(far, AF_INET);
  if (!source) return std::nullopt;
  return IpAddress::from_bytes(IpFamily::v4, &source->sin_addr);
}

/// Towards the prefix for documentation (RFC 3849). Others cannot use a link-local address.
std::optional<IpAddress> source6() {
  sockaddr_in6 far{};
  far.sin6_family = AF_INET6;
  far.sin6_port = htons(9);
  inet_pton(AF_INET6, "2001:db8::1", &far.sin6_addr);
  const auto source = source_towards(far, AF_INET6);
  if (!source || IN6_IS_ADDR_LINKLOCAL(&source->sin6_addr)) return std::nullopt;
  return IpAddress::from_bytes(IpFamily::v6, &source->sin6_addr);
}

}  // namespace

std::vector<IpAddress> node_addresses() {
  std::vector<IpAddress> addresses;
  for (const auto& address : {source4(), source6()}) {
    if (address) addresses.push_back(*address);
  }
  if (addresses.empty()) {
    const in_addr loopback4{htonl(INADDR_LOOPBACK)};
    addresses.push_back(IpAddress::from_bytes(IpFamily::v4, &loopback4));
    addresses.push_back(IpAddress::from_bytes(IpFamily::v6, &in6addr_loopback));
  }
  return addresses;
}

}  // namespace selvage::host
