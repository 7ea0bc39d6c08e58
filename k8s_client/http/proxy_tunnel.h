#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "k8s_client/http/wait.h"

namespace selvage::k8s_client {

/// Requests a tunnel from an HTTP proxy (CONNECT, RFC 9110, 9.3.6) over `socket`, which is non-blocking and connected
/// to it. After success the next bytes are the target's. `target` is "host:port", `proxy` is for messages. An error has
/// the proxy's status, and the remedy.
[[nodiscard]] Result<void> open_tunnel(int socket, const std::string& target, const std::string& user_agent,
                                       const std::string& proxy, const StopSignal& stop,
                                       std::chrono::milliseconds idle_limit);

}  // namespace selvage::k8s_client
