#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace selvage::k8s_client {

/// Calls OpenSSL's function that frees.
template <auto Free>
struct OpenSslFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BioPtr = std::unique_ptr<BIO, OpenSslFree<BIO_free_all>>;
using CertificatePtr = std::unique_ptr<X509, OpenSslFree<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;

// PEM (RFC 7468) by OpenSSL. Blocks of other kinds are passed over, as Go does: certificate and key may share a text.
// Errors are a few words and quote nothing.

/// The certificates, in order: at least one, and none that cannot be read.
[[nodiscard]] Result<std::vector<CertificatePtr>> parse_certificates(const std::string& pem);

/// A private key without a pass phrase: there is no one to ask for it.
[[nodiscard]] Result<KeyPtr> parse_private_key(const std::string& pem);

[[nodiscard]] bool is_key_of(EVP_PKEY* key, X509* certificate);

/// Succeeds where `parse_certificates` does.
[[nodiscard]] Result<void> check_certificates(const std::string& pem);
/// Succeeds where `parse_private_key` does.
[[nodiscard]] Result<void> check_private_key(const std::string& pem);

}  // namespace selvage::k8s_client
