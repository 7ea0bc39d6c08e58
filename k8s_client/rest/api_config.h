#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace selvage::k8s_client {

/// How to reach an API server and who to be there: what a kubeconfig's current context, or a pod's
/// service account, comes to. Checked as far as can be without connecting.
struct ApiConfig {
  /// Where this came from, for messages: "kubeconfig /etc/selvage/kubeconfig, context prod",
  /// "in-cluster service account".
  std::string origin;

  bool tls = true;   ///< https; http only where a kubeconfig's server says so
  std::string host;  ///< DNS name or IP address, an IPv6 address without brackets
  std::uint16_t port = 443;
  std::string path_prefix;      ///< of the server URL, without the last slash: "/k8s/clusters/c-1"; mostly empty
  std::string tls_server_name;  ///< name to send as SNI and to verify instead of `host`; empty: `host`
  bool insecure = false;        ///< insecure-skip-tls-verify: true

  /// PEM bundle that alone is trusted; empty: the system's. Of ca_file when the config was read.
  std::string ca;
  std::string ca_file;  ///< read again for each new connection pool; empty where `ca` was given as data

  std::string client_certificate;       ///< PEM chain, or empty; of the file when the config was read
  std::string client_key;               ///< PEM
  std::string client_certificate_file;  ///< read again when it changes; empty where given as data
  std::string client_key_file;

  std::string token;       ///< bearer token; `token_file` goes first where both are set
  std::string token_file;  ///< read again for every request: it rotates

  /// HTTP proxy to reach the server through by CONNECT: "http://proxy:3128" (proxy-url of the cluster, else
  /// HTTPS_PROXY unless NO_PROXY names the host); empty: none.
  std::string proxy;
};

}  // namespace selvage::k8s_client
