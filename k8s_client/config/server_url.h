#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace selvage::k8s_client {

/// The URL of an API server, in parts.
struct ServerUrl {
  bool tls = false;
  std::string host;  ///< DNS name or IP address, an IPv6 address without brackets
  std::uint16_t port = 0;
  std::string path;  ///< "/k8s/clusters/c-1", without the last slash; mostly empty

  friend bool operator==(const ServerUrl&, const ServerUrl&) = default;
};

/// Parses https://host[:port][/path] or http://...; the default port is the scheme's. host[:port] without a scheme is
/// http, as in client-go. Users, queries and fragments are refused. An error does not quote the URL, which may contain
/// a password.
[[nodiscard]] Result<ServerUrl> parse_server_url(std::string_view url);

/// Parses http://host[:port] and returns it with its port: "http://proxy:80". Other schemes, users and paths are
/// refused; an error does not quote the URL.
[[nodiscard]] Result<std::string> parse_proxy_url(std::string_view url);

/// Whether this has the form of a DNS name or an IPv4 address.
[[nodiscard]] bool is_host_name(std::string_view host);

}  // namespace selvage::k8s_client
