#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace selvage::k8s_client {

/// How to reach an API server and with which credentials: the result of a kubeconfig's context, or of a pod's service
/// account. Checked as far as possible without a connection: PEM has certificates, the key belongs to the certificate,
/// a token fits into a header. Paths are absolute.
struct ApiConfig {
  /// The source, for messages: "kubeconfig /etc/selvage/kubeconfig, context prod",
  /// "in-cluster service account". Contains no secret.
  std::string origin;

  bool tls = true;   ///< https; http only if a kubeconfig's server has it, and then without credentials
  std::string host;  ///< DNS name or IP address, an IPv6 address without brackets
  std::uint16_t port = 443;
  std::string path_prefix;           ///< of the server URL, without the last slash: "/k8s/clusters/c-1"; mostly empty
  std::string tls_server_name;       ///< name to send as SNI and to verify instead of `host`; empty: `host`
  bool insecure = false;             ///< insecure-skip-tls-verify: true
  bool disable_compression = false;  ///< request no compressed responses, whatever a request allows

  /// PEM bundle of the only trusted CAs; empty: the system's. From ca_file when the config was read.
  std::string ca;
  std::string ca_file;  ///< read again for each new connection pool; empty if `ca` was given as data

  std::string client_certificate;  ///< PEM chain, or empty; of the file when the config was read
  std::string client_key;          ///< PEM
  /// Read again when they change. Both or none are set: a certificate or key given as data is never read again.
  std::string client_certificate_file;
  std::string client_key_file;

  /// Bearer token, visible ASCII. `token_file` takes precedence; if a kubeconfig or service account names only the
  /// file, this is its content when the config was read.
  std::string token;
  std::string token_file;  ///< read again for every request, as tokens rotate; surrounding white space is ignored

  /// HTTP proxy through which to reach the server by CONNECT: "http://proxy:3128" (proxy-url of the cluster, else
  /// HTTPS_PROXY unless NO_PROXY names the host). Always with a port, an IPv6 address in brackets, no path,
  /// no user. Empty: none.
  std::string proxy;
};

}  // namespace selvage::k8s_client
