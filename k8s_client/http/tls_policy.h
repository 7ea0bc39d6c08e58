#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "k8s_client/http/tls_credentials.h"
#include "k8s_client/http/tls_fault.h"

namespace selvage::k8s_client {

/// The TLS settings for one server.
struct TlsPolicy {
  std::string server_name;  ///< DNS name or IP address that the server's certificate must be for
  bool insecure = false;    ///< accept any certificate
  std::shared_ptr<const TlsCredentials> credentials;
};

/// Applies the policy to a client's context: TLS 1.2 or later, only the given CAs, the name in the certificate's
/// subjectAltName (RFC 9110, 4.3.4) but never in its common name, and the client's certificate. `fault` must outlive
/// the context. OpenSSL's check replaces the library's own, which falls back to the common name.
[[nodiscard]] Result<void> apply_policy(SSL_CTX* context, const TlsPolicy& policy, CertificateFault& fault);

/// Sends the server's name (SNI, RFC 6066, 3), unless that is an IP address.
[[nodiscard]] Result<void> send_server_name(SSL* connection, const std::string& server_name);

}  // namespace selvage::k8s_client
