#include "host/host_addresses.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <cerrno>
#include <memory>
#include <optional>

namespace selvage::host {
namespace {

std::optional<IpAddress> address_of(const sockaddr* socket_address) {
  if (socket_address == nullptr) return std::nullopt;
  if (socket_address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(socket_address);
    return IpAddress::from_bytes(IpFamily::v4, &v4->sin_addr);
  }
  if (socket_address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(socket_address);
    return IpAddress::from_bytes(IpFamily::v6, &v6->sin6_addr);
  }
  return std::nullopt;
}

}  // namespace

Result<std::set<IpAddress>> host_addresses() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return fail_errno("addresses of this host", errno);
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, &freeifaddrs);
  std::set<IpAddress> addresses;
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
    if (const auto address = address_of(entry->ifa_addr)) addresses.insert(*address);
  }
  return addresses;
}

}  // namespace selvage::host
