#pragma once

#include <cstdint>
#include <string>

#include "base/ip_address.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::telemetry {

/// Where a server listens.
struct HttpAddress {
  IpAddress address;       ///< 0.0.0.0 and :: are all of one family
  std::uint16_t port = 0;  ///< 0: any that is free

  friend bool operator==(const HttpAddress&, const HttpAddress&) = default;
};

/// "10.0.0.5:9467", "[fd00::5]:9467".
[[nodiscard]] std::string to_string(const HttpAddress& address);

struct HttpListener {
  UniqueFd socket;      ///< does not block
  HttpAddress address;  ///< with the port that it got
};

/// Listens there, for IPv6 on nothing else (0.0.0.0 and :: do not disturb each other). Errors name
/// address and port, and what to do.
Result<HttpListener> listen_on(const HttpAddress& address);

/// Takes the next connection, which does not block. -1 with errno set: none.
struct HttpClient {
  UniqueFd socket;
  std::string
      peer;  ///< bytes that clients share which are likely one: an IPv4 address, or the first 64 bits of an IPv6 one
};
[[nodiscard]] HttpClient accept_from(const HttpListener& listener);

}  // namespace selvage::telemetry
