#include "lab/endpoint.h"

#include <netinet/in.h>

#include <cstring>

namespace selvage::lab {

const char* to_string(Transport transport) {
  switch (transport) {
    case Transport::tcp:
      return "TCP";
    case Transport::udp:
      return "UDP";
    case Transport::sctp:
      return "SCTP";
    case Transport::icmp:
      return "ICMP";
  }
  return "?";
}

SocketAddress::SocketAddress(const Endpoint& endpoint) {
  if (endpoint.address.family() == IpFamily::v4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, endpoint.address.data(), sizeof in.sin_addr);
    std::memcpy(&storage_, &in, size_ = sizeof in);
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint.port);
    in.sin6_scope_id = endpoint.scope;
    std::memcpy(&in.sin6_addr, endpoint.address.data(), sizeof in.sin6_addr);
    std::memcpy(&storage_, &in, size_ = sizeof in);
  }
}

int socket_family(IpFamily family) { return family == IpFamily::v4 ? AF_INET : AF_INET6; }

}  // namespace selvage::lab
