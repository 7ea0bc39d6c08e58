#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "base/ip_address.h"

namespace selvage::lab {

using std::chrono::milliseconds;

/// The transport protocol of a connection. SCTP is an INIT chunk answered by an INIT ACK from raw sockets: no kernel
/// module is needed and conntrack sees a true handshake. ICMP is an echo request; its endpoint has no port.
enum class Transport : std::uint8_t { tcp, udp, sctp, icmp };

/// "TCP", "UDP", "SCTP" or "ICMP".
[[nodiscard]] const char* to_string(Transport transport);

/// Where a connection goes to.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  std::uint32_t scope = 0;  ///< interface index in the sender's namespace, for link-local addresses
};

/// A socket address of either family, for the socket calls.
class SocketAddress {
 public:
  explicit SocketAddress(const Endpoint& endpoint);

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

/// AF_INET or AF_INET6.
[[nodiscard]] int socket_family(IpFamily family);

}  // namespace selvage::lab
