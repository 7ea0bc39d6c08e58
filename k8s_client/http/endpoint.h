#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace selvage::k8s_client {

/// A TCP endpoint to connect to.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t size = 0;
};

/// "10.0.0.1:6443", "[::1]:6443".
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

/// "host:port", an IPv6 address in brackets.
[[nodiscard]] std::string join_host_port(const std::string& host, std::uint16_t port);

/// Whether `host` is an address for getaddrinfo(3), with a zone ("fe80::1%eth0") or without, so that no resolver is
/// needed.
[[nodiscard]] bool is_numeric_host(const std::string& host);

/// Calls getaddrinfo(3); returns the addresses in the order in which to try them. Blocks as long as that does, which is
/// not at all if `host` is numeric.
[[nodiscard]] Result<std::vector<Endpoint>> look_up(const std::string& host, std::uint16_t port);

}  // namespace selvage::k8s_client
