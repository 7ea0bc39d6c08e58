#include "k8s_client/http/tls_credentials.h"

#include <openssl/err.h>

namespace selvage::k8s_client {
namespace {

/// OpenSSL's last error; empties its queue of errors.
std::string last_openssl_error() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason == nullptr ? "unknown error" : reason;
  ERR_clear_error();
  return text;
}

Result<TrustPtr> parse_trusted(const std::string& pem) {
  const auto certificates = parse_certificates(pem);
  if (!certificates) return fail("certificate authority", certificates.error());
  TrustPtr store(X509_STORE_new());
  for (const auto& certificate : *certificates) {
    if (!store || X509_STORE_add_cert(store.get(), certificate.get()) != 1) {
      return fail("certificate authority: " + last_openssl_error());
    }
  }
  // As in Go's clients, given certificates are trusted, roots or not.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

}  // namespace

Result<TlsCredentials> parse_tls_credentials(const TlsPem& pem) {
  ERR_clear_error();
  TlsCredentials credentials;
  if (!pem.ca.empty()) {
    auto trusted = parse_trusted(pem.ca);
    if (!trusted) return tl::unexpected(trusted.error());
    credentials.trusted = std::move(*trusted);
  }
  if (pem.client_certificate.empty() != pem.client_key.empty()) {
    return fail(pem.client_key.empty() ? "a client certificate without its key" : "a client key without certificate");
  }
  if (pem.client_certificate.empty()) return credentials;
  auto chain = parse_certificates(pem.client_certificate);
  if (!chain) return fail("client certificate", chain.error());
  auto key = parse_private_key(pem.client_key);
  if (!key) return fail("client key", key.error());
  if (!is_key_of(key->get(), chain->front().get())) {
    return fail("the client key does not belong to the client certificate");
  }
  credentials.client_chain = std::move(*chain);
  credentials.client_key = std::move(*key);
  return credentials;
}

}  // namespace selvage::k8s_client
