#include "k8s_client/config/proxy_environment.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/ip_address.h"
#include "k8s_client/config/server_url.h"

namespace selvage::k8s_client {
namespace {

/// A variable that may also be written in lower case.
struct Variable {
  const char* capital;
  const char* small;
};

constexpr Variable kHttpsProxy = {"HTTPS_PROXY", "https_proxy"};
constexpr Variable kHttpProxy = {"HTTP_PROXY", "http_proxy"};
constexpr Variable kNoProxy = {"NO_PROXY", "no_proxy"};

/// A variable that is set and not empty.
struct Setting {
  const char* name;
  std::string value;
};

std::optional<Setting> read_variable(const Environment& environment, const Variable& variable) {
  for (const char* name : {variable.capital, variable.small}) {
    const auto value = environment(name);
    if (value && !value->empty()) return Setting{name, *value};
  }
  return std::nullopt;
}

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// The IPv4 address of an IPv4-mapped IPv6 address; others unchanged.
IpAddress unmapped(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const bool mapped =
      address.family() == IpFamily::v6 && std::memcmp(address.data(), kMapped.data(), kMapped.size()) == 0;
  return mapped ? IpAddress::from_bytes(IpFamily::v4, address.data() + kMapped.size()) : address;
}

std::optional<IpAddress> parse_address(std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address) return std::nullopt;
  return unmapped(*address);
}

bool is_loopback(const IpAddress& address) {
  if (address.family() == IpFamily::v4) return address.data()[0] == 127;
  return address.to_string() == "::1";
}

/// host[:port] of an entry. As in Go, an IPv6 address is in brackets if and only if it has a port.
struct ProxyHostPort {
  std::string host;
  std::string port;  ///< empty: any
};

ProxyHostPort split_entry(const std::string& entry) {
  const std::size_t colon = entry.rfind(':');
  if (colon == std::string::npos) return {entry, ""};
  const std::string host = entry.substr(0, colon);
  const std::string port = entry.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') return {host.substr(1, host.size() - 2), port};
  return host.find_first_of(":[]") == std::string::npos ? ProxyHostPort{host, port} : ProxyHostPort{entry, ""};
}

/// A server, for comparison with NO_PROXY's entries.
struct Server {
  std::string host;  ///< in lower case
  std::string port;
  std::optional<IpAddress> address;  ///< if host is one
};

bool matches_name(const ProxyHostPort& entry, const Server& server) {
  std::string name = entry.host;
  if (name.empty() || server.address) return false;
  if (name.starts_with("*.")) name.erase(0, 1);
  const bool itself = name.front() != '.';
  if (itself && server.host == name) return true;
  return server.host.ends_with(itself ? "." + name : name);
}

bool matches(const std::string& entry, const Server& server) {
  if (entry == "*") return true;
  if (const auto block = IpPrefix::parse(entry)) return server.address && block->contains(*server.address);
  const ProxyHostPort parts = split_entry(entry);
  if (!parts.port.empty() && parts.port != server.port) return false;
  if (const auto address = parse_address(parts.host)) return server.address == address;
  return matches_name(parts, server);
}

}  // namespace

bool is_reached_directly(std::string_view no_proxy, std::string_view host, std::uint16_t port) {
  const Server server{lowered(host), std::to_string(port), parse_address(host)};
  if (server.host == "localhost" || (server.address && is_loopback(*server.address))) return true;
  while (!no_proxy.empty()) {
    const std::size_t end = std::min(no_proxy.find(','), no_proxy.size());
    const std::string entry = lowered(trimmed(no_proxy.substr(0, end)));
    if (!entry.empty() && matches(entry, server)) return true;
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
  }
  return false;
}

Result<std::string> proxy_from_environment(const Environment& environment, bool tls, const std::string& host,
                                           std::uint16_t port) {
  const auto proxy = read_variable(environment, tls ? kHttpsProxy : kHttpProxy);
  if (!proxy) return std::string();
  const auto no_proxy = read_variable(environment, kNoProxy);
  if (is_reached_directly(no_proxy ? no_proxy->value : "", host, port)) return std::string();
  const bool has_scheme = proxy->value.find("://") != std::string::npos;
  const auto url = parse_proxy_url(has_scheme ? proxy->value : "http://" + proxy->value);
  if (!url) {
    return fail(std::string("environment variable ") + proxy->name + ": " + url.error().message +
                "; correct it, or name the API server's host in NO_PROXY");
  }
  return *url;
}

}  // namespace selvage::k8s_client
