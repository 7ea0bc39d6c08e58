#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "tests/rest/certificates.h"

namespace selvage::k8s_client {

/// One connection of a test server, for the script that serves it. Where the client is gone, writes do
/// nothing and reads end.
class Peer {
 public:
  using Ssl = std::unique_ptr<SSL, decltype(&SSL_free)>;
  Peer(int fd, Ssl ssl) : fd_(fd), ssl_(std::move(ssl)) {}

  /// The next request's head up to the empty line, without it; empty when the client has closed.
  std::string read_request();
  /// The body that a request's head announces by Content-Length; less, when the client has closed before.
  std::string read_body(const std::string& head);
  /// All of it. False: the client is gone.
  bool write(std::string_view bytes);
  /// Waits until the client has closed the connection, so that the answer is not read.
  void wait_closed();
  /// The client sees that the connection ends, without TLS's own goodbye.
  void cut();
  /// The client sees a reset.
  void reset();

  /// What the client called the server (SNI); empty: nothing.
  [[nodiscard]] std::string server_name() const;
  /// The common name of the client's certificate; empty: none was shown.
  [[nodiscard]] std::string client_name() const;
  /// "TLSv1.3".
  [[nodiscard]] std::string tls_version() const;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  friend class HttpServer;
  bool accept_tls();
  long read(char* bytes, int count);

  int fd_;
  Ssl ssl_;
  std::string read_ahead_;
};

/// How a test server listens.
struct HttpServerOptions {
  bool ipv6 = false;                 ///< on ::1, not on 127.0.0.1
  std::optional<Identity> identity;  ///< TLS
  std::string client_ca;             ///< PEM: asks for a client certificate of this authority's
  int newest_tls = 0;                ///< TLS1_2_VERSION...; 0: any
  bool refuse_without_certificate = false;
  std::uint16_t port = 0;  ///< 0: any free one
};

/// A server on loopback that answers byte by byte as a test's script does, in one thread for each
/// connection. When a script returns its connection is closed. The destructor cuts all of them, and
/// waits for the scripts.
class HttpServer {
 public:
  using Script = std::function<void(Peer&)>;
  using Options = HttpServerOptions;

  explicit HttpServer(Script script, const Options& options = Options());
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string host() const { return ipv6_ ? "::1" : "127.0.0.1"; }
  /// Connections accepted by now.
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int fd);

  Script script_;
  bool ipv6_;
  std::uint16_t port_ = 0;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  UniqueFd listener_;
  std::atomic<bool> ending_ = false;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> scripts_;
  std::thread acceptor_;
};

}  // namespace selvage::k8s_client
