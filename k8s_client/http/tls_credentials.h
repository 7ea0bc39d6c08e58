#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace selvage::k8s_client {

/// Calls OpenSSL's function that frees.
template <auto kFree>
struct OpenSslFree {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using CertificatePtr = std::unique_ptr<X509, OpenSslFree<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using TrustPtr = std::unique_ptr<X509_STORE, OpenSslFree<X509_STORE_free>>;

/// PEM texts, as a kubeconfig or files have them. Empty: none.
struct TlsPem {
  std::string ca;
  std::string client_certificate;
  std::string client_key;

  friend bool operator==(const TlsPem&, const TlsPem&) = default;
};

/// Whom to trust and who to be, as OpenSSL has it. Many threads may use it at once.
struct TlsCredentials {
  TrustPtr trusted;  ///< these CAs alone; none: those of the system
  /// The client's certificate, then those that lead from it to its CA. Empty: none is shown.
  std::vector<CertificatePtr> client_chain;
  KeyPtr client_key;
};

/// An error says which of the texts is no PEM of its kind, or that the key does not belong to the
/// certificate. A key with a passphrase is an error: there is nobody to ask.
[[nodiscard]] Result<TlsCredentials> parse_tls_credentials(const TlsPem& pem);

}  // namespace selvage::k8s_client
