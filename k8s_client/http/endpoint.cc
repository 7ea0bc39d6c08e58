#include "k8s_client/http/endpoint.h"

#include <netdb.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace selvage::k8s_client {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

/// getaddrinfo(3), its error code in `status`.
Addresses ask(const std::string& host, const std::string& port, int flags, int& status) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* list = nullptr;
  status = getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
  return Addresses(status == 0 ? list : nullptr);
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  // The interface requires this cast.
  const auto* address = reinterpret_cast<const sockaddr*>(&endpoint.address);
  if (getnameinfo(address, endpoint.size, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "an unknown address";
  }
  const bool v6 = endpoint.address.ss_family == AF_INET6;
  return (v6 ? "[" + std::string(host.data()) + "]" : std::string(host.data())) + ":" + port.data();
}

std::string join_host_port(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool is_numeric_host(const std::string& host) {
  int status = 0;
  return ask(host, "0", AI_NUMERICHOST, status) != nullptr;
}

Result<std::vector<Endpoint>> look_up(const std::string& host, std::uint16_t port) {
  // AI_ADDRCONFIG leaves out families in which the node has no address. For a host that is an address itself it would
  // refuse reachable ones (::1 on a node with IPv4 only).
  int status = 0;
  const Addresses list =
      ask(host, std::to_string(port), is_numeric_host(host) ? AI_NUMERICHOST : AI_ADDRCONFIG, status);
  if (!list && status == EAI_SYSTEM) return fail_errno("look up " + host, errno);
  if (!list) return fail("look up " + host + ": " + gai_strerror(status) + "; check the name and /etc/resolv.conf");
  std::vector<Endpoint> endpoints;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    Endpoint& endpoint = endpoints.emplace_back();
    endpoint.size = entry->ai_addrlen;
    std::memcpy(&endpoint.address, entry->ai_addr, entry->ai_addrlen);
  }
  return endpoints;
}

}  // namespace selvage::k8s_client
