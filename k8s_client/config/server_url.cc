#include "k8s_client/config/server_url.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ip_address.h"

namespace selvage::k8s_client {
namespace {

constexpr std::size_t kMaxHostName = 253;  // RFC 1035, without the root's dot
constexpr std::string_view kSchemeEnd = "://";

/// The parts of a URL (RFC 3986); "scheme://authority/path".
struct UrlParts {
  std::string scheme;  ///< in lower case; empty: none
  std::string_view authority;
  std::string_view path;
};

struct HostPort {
  std::string host;
  std::optional<std::uint16_t> port;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Result<UrlParts> split_url(std::string_view url) {
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::all_of(url.begin(), url.end(), visible)) {
    return fail("a URL must not contain spaces, control characters or non-ASCII letters");
  }
  UrlParts parts;
  const std::size_t end = url.find(kSchemeEnd);
  if (end != std::string_view::npos) {
    parts.scheme = url.substr(0, end);
    std::transform(parts.scheme.begin(), parts.scheme.end(), parts.scheme.begin(), lower);
    url.remove_prefix(end + kSchemeEnd.size());
  }
  if (url.find_first_of("?#") != std::string_view::npos) return fail("a query (?) or fragment (#) is not allowed");
  const std::size_t slash = std::min(url.find('/'), url.size());
  parts.authority = url.substr(0, slash);
  parts.path = url.substr(slash);
  return parts;
}

Result<std::optional<std::uint16_t>> parse_port(std::string_view text) {
  if (text.empty() || text == ":") return std::nullopt;
  std::uint16_t port = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + 1, last, port);
  if (text.front() != ':' || error != std::errc{} || end != last || port == 0) {
    return fail("the port is not a number from 1 to 65535");
  }
  return port;
}

Result<std::string> parse_host(std::string_view text) {
  if (text.empty()) return fail("the host is missing");
  if (text.front() == '[') {
    const auto address = IpAddress::parse(text.substr(1, text.size() - 2));
    if (!address || address->family() != IpFamily::v6) return fail("the host in brackets is not an IPv6 address");
    return address->to_string();
  }
  if (text.find(':') != std::string_view::npos) return fail("an IPv6 address must be in brackets: https://[::1]:6443");
  if (!is_host_name(text)) return fail("the host is neither a DNS name nor an IP address");
  return std::string(text);
}

Result<HostPort> parse_authority(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) return fail("a user name or password in a URL is not supported");
  std::size_t end = authority.rfind(':');
  if (authority.substr(0, 1) == "[") {
    end = authority.find(']');
    if (end == std::string_view::npos) return fail("a bracket is not closed");
    ++end;
  }
  end = std::min(end, authority.size());
  const auto host = parse_host(authority.substr(0, end));
  if (!host) return tl::unexpected(host.error());
  const auto port = parse_port(authority.substr(end));
  if (!port) return tl::unexpected(port.error());
  return HostPort{*host, *port};
}

/// The path without empty segments, like Go's path.Join.
Result<std::string> clean_path(std::string_view path) {
  std::string clean;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    if (segment == "." || segment == "..") return fail("\".\" and \"..\" in the path are not supported");
    if (!segment.empty()) clean.append("/").append(segment);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return clean;
}

}  // namespace

bool is_host_name(std::string_view host) {
  const auto allowed = [](char c) {
    const char small = lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  };
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.size() > kMaxHostName || host.front() == '.') return false;
  return host.find("..") == std::string_view::npos && std::all_of(host.begin(), host.end(), allowed);
}

Result<ServerUrl> parse_server_url(std::string_view url) {
  const auto parts = split_url(url);
  if (!parts) return tl::unexpected(parts.error());
  const bool tls = parts->scheme == "https";
  if (!tls && !parts->scheme.empty() && parts->scheme != "http") return fail("the scheme is neither https nor http");
  const auto server = parse_authority(parts->authority);
  if (!server) return tl::unexpected(server.error());
  const auto path = clean_path(parts->path);
  if (!path) return tl::unexpected(path.error());
  if (parts->scheme.empty() && !path->empty()) return fail("without a scheme it may be host:port only; write https://");
  const std::uint16_t standard = tls ? 443 : 80;
  return ServerUrl{tls, server->host, server->port.value_or(standard), *path};
}

Result<std::string> parse_proxy_url(std::string_view url) {
  const auto parts = split_url(url);
  if (!parts) return tl::unexpected(parts.error());
  if (parts->scheme != "http") return fail("only proxies at http:// are supported");
  const auto proxy = parse_authority(parts->authority);
  if (!proxy) return tl::unexpected(proxy.error());
  if (!parts->path.empty() && parts->path != "/") return fail("the URL of a proxy must not have a path");
  const bool brackets = proxy->host.find(':') != std::string::npos;
  const std::string host = brackets ? "[" + proxy->host + "]" : proxy->host;
  return "http://" + host + ":" + std::to_string(proxy->port.value_or(80));
}

}  // namespace selvage::k8s_client
