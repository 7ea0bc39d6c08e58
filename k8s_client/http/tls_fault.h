#pragma once

#include <openssl/x509_vfy.h>

#include <string>

namespace selvage::k8s_client {

/// What was wrong with the certificate that a server showed.
struct CertificateFault {
  int code = 0;         ///< X509_V_ERR_... (openssl/x509_vfy.h); 0: nothing is known to be wrong
  std::string subject;  ///< of the certificate at fault: "CN=kube-apiserver"
  std::string names;    ///< what the server's own certificate is for: "DNS:kubernetes, IP Address:10.96.0.1"
  std::string period;   ///< when the one at fault is valid: "Nov  1 10:00:00 2024 GMT to ..."
};

/// Out of a verification that failed.
[[nodiscard]] CertificateFault read_fault(X509_STORE_CTX* store);

/// For people: what failed, and the remedy. `server_name` is what the certificate should be for,
/// `origin` where the configuration came from.
[[nodiscard]] std::string describe(const CertificateFault& fault, const std::string& server_name,
                                   const std::string& origin);

/// For people: why TLS failed, by OpenSSL's packed code (ERR_get_error(3)), and the remedy if there is one.
[[nodiscard]] std::string describe_tls_error(unsigned long code, const std::string& origin);

}  // namespace selvage::k8s_client
