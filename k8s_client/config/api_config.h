#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace selvage::k8s_client {

/// How to reach an API server and who to be there: what a kubeconfig's current context, or a pod's
/// service account, comes to. Checked as far as can be without connecting: PEM holds certificates,
/// the key belongs to the certificate, a token fits into a header. Paths are absolute.
struct ApiConfig {
  /// Where this came from, for messages: "kubeconfig /etc/selvage/kubeconfig, context prod",
  /// "in-cluster service account". Holds no secret.
  std::string origin;

  bool tls = true;   ///< https; http only where a kubeconfig's server says so, and then without credentials
  std::string host;  ///< DNS name or IP address, an IPv6 address without brackets
  std::uint16_t port = 443;
  std::string path_prefix;           ///< of the server URL, without the last slash: "/k8s/clusters/c-1"; mostly empty
  std::string tls_server_name;       ///< name to send as SNI and to verify instead of `host`; empty: `host`
  bool insecure = false;             ///< insecure-skip-tls-verify: true
  bool disable_compression = false;  ///< ask for no compressed responses, whatever a request says

  /// PEM bundle that alone is trusted; empty: the system's. Of ca_file when the config was read.
  std::string ca;
  std::string ca_file;  ///< read again for each new connection pool; empty where `ca` was given as data

  std::string client_certificate;  ///< PEM chain, or empty; of the file when the config was read
  std::string client_key;          ///< PEM
  /// Read again when they change. Both, or neither: a certificate or a key given as data is never read again.
  std::string client_certificate_file;
  std::string client_key_file;

  /// Bearer token, visible ASCII; `token_file` goes first where both are set. Where a kubeconfig or a
  /// service account names the file alone, what the file held when the config was read.
  std::string token;
  std::string token_file;  ///< read again for every request: it rotates; white space around it does not count

  /// HTTP proxy to reach the server through by CONNECT: "http://proxy:3128" (proxy-url of the cluster, else
  /// HTTPS_PROXY unless NO_PROXY names the host). Always with a port, an IPv6 address in brackets, no path,
  /// no user. Empty: none.
  std::string proxy;
};

}  // namespace selvage::k8s_client
