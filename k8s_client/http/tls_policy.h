#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "k8s_client/http/tls_credentials.h"
#include "k8s_client/http/tls_fault.h"

namespace selvage::k8s_client {

/// How to speak TLS to one server.
struct TlsPolicy {
  std::string server_name;  ///< DNS name or IP address that the server's certificate must be for
  bool insecure = false;    ///< take any certificate
  std::shared_ptr<const TlsCredentials> credentials;
};

/// Makes a client's context follow the policy: TLS 1.2 or later; the CAs given alone; the name in the
/// certificate's subjectAltName (RFC 9110, 4.3.4), never in its common name; the client's certificate.
/// `fault` outlives the context. The library's own check, which falls back to the common name, is left
/// out; OpenSSL's is the one that counts.
[[nodiscard]] Result<void> apply_policy(SSL_CTX* context, const TlsPolicy& policy, CertificateFault& fault);

/// Sends the server's name (SNI, RFC 6066, 3), unless that is an IP address.
[[nodiscard]] Result<void> send_server_name(SSL* connection, const std::string& server_name);

}  // namespace selvage::k8s_client
