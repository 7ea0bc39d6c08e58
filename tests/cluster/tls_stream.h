#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace selvage::testing {

struct FreeSsl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeSsl>;

/// A server's side with this certificate chain and key (PEM files). Throws std::runtime_error.
TlsContext tls_server_context(const std::string& certificate, const std::string& key);
/// A client's side that trusts this authority alone, whatever the server's name. Throws std::runtime_error.
TlsContext tls_client_context(const std::string& ca);

/// One TLS connection over a blocking socket. One thread, which has SIGPIPE blocked; another may shut the socket down.
class TlsStream {
 public:
  /// Shakes hands. Throws std::runtime_error. The descriptor stays the caller's and outlives this.
  static TlsStream accept(SSL_CTX& context, int fd) { return TlsStream(context, fd, &SSL_accept); }
  static TlsStream connect(SSL_CTX& context, int fd) { return TlsStream(context, fd, &SSL_connect); }

  /// Whether read() has something without the socket's being readable.
  [[nodiscard]] bool pending() const { return SSL_pending(ssl_.get()) > 0; }
  /// What came: empty where only a part of a record did; nothing at the end, announced or not.
  std::optional<std::string> read();
  /// False: the connection is broken.
  bool write(std::string_view bytes);

 private:
  TlsStream(SSL_CTX& context, int fd, int (*shake_hands)(SSL*));

  std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace selvage::testing
