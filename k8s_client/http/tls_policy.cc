#include "k8s_client/http/tls_policy.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/ip_address.h"

namespace selvage::k8s_client {
namespace {

bool is_address(const std::string& name) { return IpAddress::parse(name).has_value(); }

/// The name as in certificates, without the final dot of DNS.
std::string certificate_name(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

tl::unexpected<Error> openssl_failure(const std::string& what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string message = what + ": " + (reason == nullptr ? "unknown error" : reason);
  ERR_clear_error();
  return fail(std::move(message));
}

/// Replaces OpenSSL's default verification, so that no other callback can accept a certificate, and notes the fault.
int verify_server(X509_STORE_CTX* store, void* user) {
  X509_STORE_CTX_set_verify_cb(store, [](int ok, X509_STORE_CTX* /*store*/) { return ok; });
  const int verified = X509_verify_cert(store);
  if (verified != 1) *static_cast<CertificateFault*>(user) = read_fault(store);
  return verified;
}

int accept_any(X509_STORE_CTX* /*store*/, void* /*user*/) { return 1; }

Result<void> expect_name(SSL_CTX* context, const std::string& server_name) {
  if (server_name.empty()) return fail("no server name to verify the certificate against");
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int set = is_address(server_name)
                      ? X509_VERIFY_PARAM_set1_ip_asc(parameters, server_name.c_str())
                      : X509_VERIFY_PARAM_set1_host(parameters, certificate_name(server_name).c_str(), 0);
  if (set != 1) return openssl_failure("the server's name \"" + server_name + "\"");
  return {};
}

Result<void> show_certificate(SSL_CTX* context, const TlsCredentials& credentials) {
  const auto& chain = credentials.client_chain;
  if (chain.empty()) return {};
  if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) return openssl_failure("client certificate");
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) return openssl_failure("client certificate's chain");
  }
  if (SSL_CTX_use_PrivateKey(context, credentials.client_key.get()) != 1) return openssl_failure("client key");
  return {};
}

}  // namespace

Result<void> apply_policy(SSL_CTX* context, const TlsPolicy& policy, CertificateFault& fault) {
  if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) return openssl_failure("TLS 1.2");
  if (policy.credentials->trusted) SSL_CTX_set1_cert_store(context, policy.credentials->trusted.get());
  SSL_CTX_set_cert_verify_callback(context, policy.insecure ? accept_any : verify_server, &fault);
  if (!policy.insecure) {
    const auto expected = expect_name(context, policy.server_name);
    if (!expected) return expected;
  }
  return show_certificate(context, *policy.credentials);
}

Result<void> send_server_name(SSL* connection, const std::string& server_name) {
  if (is_address(server_name)) return {};
  if (SSL_set_tlsext_host_name(connection, certificate_name(server_name).c_str()) != 1) {
    return openssl_failure("the server's name \"" + server_name + "\"");
  }
  return {};
}

}  // namespace selvage::k8s_client
