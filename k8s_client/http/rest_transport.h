#pragma once

#include <memory>

#include "base/result.h"
#include "k8s_client/api/transport.h"
#include "k8s_client/config/api_config.h"

namespace selvage::k8s_client {

/// Opens a transport over cpprestsdk. Connects nowhere yet; fails where certificates or keys cannot be
/// used. The token file is read for every request; where it cannot be read the last token that could
/// be is used, since it may still be valid. A client certificate or CA that changes on disk is taken up
/// by the next request. TCP keepalive notices a peer that is gone within a minute.
///
/// Messages of errors name the server and never hold a token.
[[nodiscard]] Result<std::unique_ptr<Transport>> open_rest_transport(const ApiConfig& config);

}  // namespace selvage::k8s_client
