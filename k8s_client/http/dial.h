#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "k8s_client/http/endpoint.h"
#include "k8s_client/http/wait.h"

namespace selvage::k8s_client {

/// Connects to the first of `endpoints` that answers: one after the other, the next a quarter of a
/// second after the one before or at once where that failed (RFC 8305, 5), so that an address that
/// swallows packets holds nobody up.
///
/// The socket does not block. Its keepalive (30 s idle, 10 s between probes, 3 of them) and
/// TCP_USER_TIMEOUT notice within a minute that the peer is gone. An error has the code of the first
/// endpoint's.
[[nodiscard]] Result<UniqueFd> dial(const std::vector<Endpoint>& endpoints, const StopSignal& stop, Moment deadline);

}  // namespace selvage::k8s_client
