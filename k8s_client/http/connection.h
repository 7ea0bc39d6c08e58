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

/// One connection to the server, and cpprestsdk's client over it. The library speaks TLS and HTTP; the
/// TCP connection is made here, before: the library's own way to connect has no time-out, hides the
/// errno, does not resolve IPv6 addresses and cannot be left while a name is looked up.
///
/// One request at a time. What the library still does for a request that was abandoned keeps alive
/// what it needs.
class Connection {
 public:
  /// Over `socket`, which is connected as `dial` leaves it. No byte is sent yet. `port` is the server's;
  /// without `tls` this is plain HTTP.
  static Result<std::unique_ptr<Connection>> open(UniqueFd socket, std::uint16_t port, std::optional<TlsPolicy> tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Starts a GET, or a POST of `json`; what comes back comes through the stream. An error: the target is no URI.
  Result<std::shared_ptr<ResponseStream>> send(const std::string& target, const Headers& headers,
                                               std::optional<std::string_view> json = std::nullopt);

  /// Ends it, from either side's view. A request under way fails.
  void shut_down();
  /// Whether it can take a request: it is open, and the server has neither closed it nor said anything.
  [[nodiscard]] bool idle() const;
  /// Whether a request was sent over it before the one under way, or the last one.
  [[nodiscard]] bool reused() const { return requests_ > 1; }
  /// When the last byte of the server arrived.
  [[nodiscard]] Moment last_byte() const;
  /// Why the server's certificate was refused, once a request has failed; code 0: it was not.
  [[nodiscard]] const CertificateFault& certificate_fault() const;
  /// Those of the policy; none without TLS.
  [[nodiscard]] std::shared_ptr<const TlsCredentials> credentials() const;

 private:
  struct Client;
  explicit Connection(std::unique_ptr<Client> client);

  std::unique_ptr<Client> client_;
  unsigned requests_ = 0;
};

}  // namespace selvage::k8s_client
