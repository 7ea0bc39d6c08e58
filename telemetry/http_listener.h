#pragma once

#include <cstdint>
#include <string>

#include "base/ip_address.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::telemetry {

/// Where a server listens.
struct HttpAddress {
  IpAddress address;       ///< 0.0.0.0 and :: mean all addresses of one family
  std::uint16_t port = 0;  ///< 0: any free port

  friend bool operator==(const HttpAddress&, const HttpAddress&) = default;
};

/// "10.0.0.5:9467", "[fd00::5]:9467".
[[nodiscard]] std::string to_string(const HttpAddress& address);

struct HttpListener {
  UniqueFd socket;      ///< does not block
  HttpAddress address;  ///< with the assigned port
};

/// Listens at the address; an IPv6 socket takes no IPv4, so 0.0.0.0 and :: can coexist. Errors name address and port,
/// and what to do.
Result<HttpListener> listen_on(const HttpAddress& address);

/// An accepted connection, or none.
struct HttpClient {
  UniqueFd socket;   ///< does not block
  std::string peer;  ///< bytes that identify a client: an IPv4 address, or the first 64 bits of an IPv6 address
};
/// Accepts the next connection; without one `socket` is invalid and errno set.
[[nodiscard]] HttpClient accept_from(const HttpListener& listener);

}  // namespace selvage::telemetry
