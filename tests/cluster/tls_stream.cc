#include "tests/cluster/tls_stream.h"

#include <openssl/err.h>

#include <array>
#include <stdexcept>

namespace selvage::testing {
namespace {

void check(bool good, const char* what) {
  if (good) return;
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  throw std::runtime_error(std::string(what) + ": " + text.data());
}

}  // namespace

TlsContext tls_server_context(const std::string& certificate, const std::string& key) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  check(context != nullptr, "SSL_CTX_new");
  check(SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) == 1, certificate.c_str());
  check(SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) == 1, key.c_str());
  return context;
}

TlsContext tls_client_context(const std::string& ca) {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  check(context != nullptr, "SSL_CTX_new");
  check(SSL_CTX_load_verify_locations(context.get(), ca.c_str(), nullptr) == 1, ca.c_str());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

TlsStream::TlsStream(SSL_CTX& context, int fd, int (*shake_hands)(SSL*)) : ssl_(SSL_new(&context)) {
  check(ssl_ != nullptr && SSL_set_fd(ssl_.get(), fd) == 1, "SSL_new");
  // A record without data (a session ticket) must not make read() wait for the next one.
  SSL_clear_mode(ssl_.get(), SSL_MODE_AUTO_RETRY);
  int done = -1;
  do {
    ERR_clear_error();
    done = shake_hands(ssl_.get());
  } while (done != 1 && SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ);
  check(done == 1, "TLS handshake");
}

std::optional<std::string> TlsStream::read() {
  std::string bytes(16'384, '\0');
  ERR_clear_error();
  const int size = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (size <= 0) {
    if (SSL_get_error(ssl_.get(), size) == SSL_ERROR_WANT_READ) return std::string();
    return std::nullopt;
  }
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

bool TlsStream::write(std::string_view bytes) {
  if (bytes.empty()) return true;
  ERR_clear_error();
  return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

}  // namespace selvage::testing
