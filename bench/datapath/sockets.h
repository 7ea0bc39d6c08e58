#pragma once

#include <cstdint>

#include "base/ip_address.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::bench {

/// bind(2) and connect(2) to an IPv4 address. A pending connect of a nonblocking socket is not an error.
/// @{
[[nodiscard]] Result<void> bind_to(const UniqueFd& fd, const IpAddress& address, std::uint16_t port);
[[nodiscard]] Result<void> connect_to(const UniqueFd& fd, const IpAddress& address, std::uint16_t port);
/// @}
/// Makes close(2) end the connection at once, without TIME_WAIT.
void close_by_reset(const UniqueFd& fd);

}  // namespace selvage::bench
