#pragma once

#include <openssl/x509_vfy.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "k8s_client/config/pem.h"

namespace selvage::k8s_client {

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
