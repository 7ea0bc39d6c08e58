#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "k8s_client/http/response_stream.h"
#include "k8s_client/http/tls_policy.h"

namespace selvage::k8s_client {

/// Header names and values.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// One connection to the server, and cpprestsdk's client on top of it. The library does TLS and HTTP. It gets a socket
/// that is already connected, since its own way to connect has no time-out, hides the errno, does not resolve IPv6
/// addresses and cannot be cancelled during a lookup.
///
/// One request at a time. The library keeps the objects alive that it needs after a request was abandoned.
class Connection {
 public:
  /// Uses `socket`, connected by `dial`, and sends nothing yet. `port` is the server's. Without `tls` this is plain
  /// HTTP.
  static Result<std::unique_ptr<Connection>> open(UniqueFd socket, std::uint16_t port, std::optional<TlsPolicy> tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Starts a GET, or a POST of `json`; the stream delivers the response. Fails when the target is not a URI.
  Result<std::shared_ptr<ResponseStream>> send(const std::string& target, const Headers& headers,
                                               std::optional<std::string_view> json = std::nullopt);

  /// Closes both directions. A running request fails.
  void shut_down();
  /// Whether it can take a request: it is open, and the server has sent nothing.
  [[nodiscard]] bool idle() const;
  /// Whether a request was sent over it before the current or last one.
  [[nodiscard]] bool reused() const { return requests_ > 1; }
  /// When the last byte from the server arrived.
  [[nodiscard]] Moment last_byte() const;
  /// After a failed request, why the server's certificate was refused; code 0: it was not.
  [[nodiscard]] const CertificateFault& certificate_fault() const;
  /// The credentials of `tls`; nullptr without TLS.
  [[nodiscard]] std::shared_ptr<const TlsCredentials> credentials() const;

 private:
  struct Client;
  explicit Connection(std::unique_ptr<Client> client);

  std::unique_ptr<Client> client_;
  unsigned requests_ = 0;
};

}  // namespace selvage::k8s_client
