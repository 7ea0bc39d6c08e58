#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "k8s_client/http/endpoint.h"
#include "k8s_client/http/wait.h"

namespace selvage::k8s_client {

/// Connects to the first of `endpoints` that answers. Tries the next one a quarter of a second after the one before, or
/// at once after a failure (RFC 8305, 5), so that an address that drops packets causes no long wait.
///
/// The socket is non-blocking. Its keepalive (30 s idle, 3 probes, 10 s between them) and TCP_USER_TIMEOUT detect
/// within a minute that the peer is gone. An error has the code of the first endpoint's error.
[[nodiscard]] Result<UniqueFd> dial(const std::vector<Endpoint>& endpoints, const StopSignal& stop, Moment deadline);

}  // namespace selvage::k8s_client
