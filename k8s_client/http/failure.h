#pragma once

#include <string>

#include "base/result.h"
#include "k8s_client/http/connection.h"

namespace selvage::k8s_client {

/// The API server, for messages.
struct ServerLabel {
  std::string url;     ///< "https://10.0.0.1:6443"
  std::string name;    ///< what its certificate must be for
  std::string origin;  ///< where the configuration came from
};

/// Why a request got no answer over this connection: with an errno where one is known, EPROTO where what
/// came was no HTTP, 0 where TLS failed.
[[nodiscard]] Error describe(const LibraryFailure& failure, const Connection& connection, const ServerLabel& server);

}  // namespace selvage::k8s_client
