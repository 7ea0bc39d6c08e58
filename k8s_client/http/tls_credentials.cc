#include "k8s_client/http/tls_credentials.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <limits>

namespace selvage::k8s_client {
namespace {

using BioPtr = std::unique_ptr<BIO, OpenSslFree<BIO_free_all>>;

BioPtr memory_bio(const std::string& text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// What OpenSSL says about its last failure; its queue is empty afterwards.
std::string last_openssl_error() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason == nullptr ? "unknown error" : reason;
  ERR_clear_error();
  return text;
}

/// Ends PEM_read_bio_PrivateKey's question for a passphrase, which it would put to the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

Result<std::vector<CertificatePtr>> parse_certificates(const std::string& pem) {
  const BioPtr bio = memory_bio(pem);
  std::vector<CertificatePtr> certificates;
  while (bio) {
    CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
    if (!certificate) break;
    certificates.push_back(std::move(certificate));
  }
  // The end of the text is an error as well: that no further block begins.
  const unsigned long error = ERR_peek_last_error();
  if (certificates.empty() || ERR_GET_LIB(error) != ERR_LIB_PEM || ERR_GET_REASON(error) != PEM_R_NO_START_LINE) {
    return fail("no PEM with certificates (BEGIN CERTIFICATE): " + last_openssl_error());
  }
  ERR_clear_error();
  return certificates;
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
  // As for Go's clients, what is given is trusted, be it a root or not.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

Result<KeyPtr> parse_key(const std::string& pem) {
  const BioPtr bio = memory_bio(pem);
  KeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr);
  if (!key) return fail("client key: no PEM with a private key without passphrase: " + last_openssl_error());
  return key;
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
  auto key = parse_key(pem.client_key);
  if (!key) return tl::unexpected(key.error());
  if (X509_check_private_key(chain->front().get(), key->get()) != 1) {
    ERR_clear_error();
    return fail("the client key does not belong to the client certificate");
  }
  credentials.client_chain = std::move(*chain);
  credentials.client_key = std::move(*key);
  return credentials;
}

}  // namespace selvage::k8s_client
