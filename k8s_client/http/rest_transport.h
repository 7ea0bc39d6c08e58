#pragma once

#include <memory>

#include "base/result.h"
#include "k8s_client/api/transport.h"
#include "k8s_client/config/api_config.h"

namespace selvage::k8s_client {

/// Opens a transport that uses cpprestsdk. Does not connect yet; fails when certificates or keys are unusable. The
/// token file is read for every request; while it cannot be read the last token is used, since it may still be valid.
/// The next request uses a client certificate or CA that has changed on disk. TCP keepalive detects within a minute
/// that the peer is gone.
///
/// Messages of errors name the server and never contain a token.
[[nodiscard]] Result<std::unique_ptr<Transport>> open_rest_transport(const ApiConfig& config);

}  // namespace selvage::k8s_client
