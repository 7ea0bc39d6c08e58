#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "k8s_client/config/kubeconfig.h"

namespace selvage::k8s_client {

/// The environment's proxy for a server, "http://proxy:3128", or empty: HTTPS_PROXY (HTTP_PROXY for http), unless
/// NO_PROXY excludes the server; each also in lower case, if the upper-case one is empty. Same rules as Go's httpproxy
/// package, except that an unusable proxy is an error, which names the variable.
[[nodiscard]] Result<std::string> proxy_from_environment(const Environment& environment, bool tls,
                                                         const std::string& host, std::uint16_t port);

/// Whether a server is reached without a proxy, because it is on loopback or matches NO_PROXY's list. Entries,
/// separated by ',': "example.com" (and its subdomains), ".example.com" and "*.example.com" (only its subdomains), an
/// address, a CIDR block, each but the last optionally with ":port"; "*": all. `host` is a DNS name or an address, IPv6
/// without brackets.
[[nodiscard]] bool is_reached_directly(std::string_view no_proxy, std::string_view host, std::uint16_t port);

}  // namespace selvage::k8s_client
