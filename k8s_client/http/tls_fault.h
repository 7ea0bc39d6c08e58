#pragma once

#include <openssl/x509_vfy.h>

#include <string>

namespace selvage::k8s_client {

/// Why a server's certificate was refused.
struct CertificateFault {
  int code = 0;         ///< X509_V_ERR_... (openssl/x509_vfy.h); 0: no fault
  std::string subject;  ///< of the certificate at fault: "CN=kube-apiserver"
  std::string names;    ///< names in the server's own certificate: "DNS:kubernetes, IP Address:10.96.0.1"
  std::string period;   ///< validity of the certificate at fault: "Nov  1 10:00:00 2024 GMT to ..."
};

/// Reads the fault of a failed verification.
[[nodiscard]] CertificateFault read_fault(X509_STORE_CTX* store);

/// The fault and the remedy, human-readable. `server_name` is the name that the certificate should have, `origin` the
/// source of the configuration.
[[nodiscard]] std::string describe(const CertificateFault& fault, const std::string& server_name,
                                   const std::string& origin);

/// Why TLS failed, by OpenSSL's packed code (ERR_get_error(3)), and the remedy if there is one; human-readable.
[[nodiscard]] std::string describe_tls_error(unsigned long code, const std::string& origin);

}  // namespace selvage::k8s_client
