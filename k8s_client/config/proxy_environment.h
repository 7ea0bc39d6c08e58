#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "k8s_client/config/kubeconfig.h"

namespace selvage::k8s_client {

/// The proxy that the environment names for a server, "http://proxy:3128", or empty: HTTPS_PROXY (for
/// http HTTP_PROXY), unless NO_PROXY excludes the server; each also in small letters, read where the
/// other is empty. Read as Go's httpproxy package does, with one difference: a proxy that cannot be
/// used is an error that names the variable, and not passed over.
[[nodiscard]] Result<std::string> proxy_from_environment(const Environment& environment, bool tls,
                                                         const std::string& host, std::uint16_t port);

/// Whether NO_PROXY's list, or being the loopback, keeps a server from being reached through a proxy.
/// Entries, with ',' between: "example.com" (and its subdomains), ".example.com" and "*.example.com"
/// (its subdomains alone), an address, a CIDR block, each but the last with ":port" or not; "*": all.
/// `host` is a DNS name or an address, IPv6 without brackets.
[[nodiscard]] bool is_reached_directly(std::string_view no_proxy, std::string_view host, std::uint16_t port);

}  // namespace selvage::k8s_client
