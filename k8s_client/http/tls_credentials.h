#pragma once

#include <openssl/x509_vfy.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "k8s_client/config/pem.h"

namespace selvage::k8s_client {

using TrustPtr = std::unique_ptr<X509_STORE, OpenSslFree<X509_STORE_free>>;

/// PEM texts of a kubeconfig or of files. Empty: not given.
struct TlsPem {
  std::string ca;
  std::string client_certificate;
  std::string client_key;

  friend bool operator==(const TlsPem&, const TlsPem&) = default;
};

/// The trusted CAs and the client's identity, parsed. Many threads may use it at once.
struct TlsCredentials {
  TrustPtr trusted;  ///< only these CAs; nullptr: those of the system
  /// The client's certificate, then the chain to its CA. Empty: none is sent.
  std::vector<CertificatePtr> client_chain;
  KeyPtr client_key;
};

/// Fails, naming the text, when one is not PEM of its kind or has a pass phrase, and when the key does not belong to
/// the certificate.
[[nodiscard]] Result<TlsCredentials> parse_tls_credentials(const TlsPem& pem);

}  // namespace selvage::k8s_client
