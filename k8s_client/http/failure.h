#pragma once

#include <string>

#include "base/result.h"
#include "k8s_client/http/connection.h"

namespace selvage::k8s_client {

/// The API server, for messages.
struct ServerLabel {
  std::string url;     ///< "https://10.0.0.1:6443"
  std::string name;    ///< the name that its certificate must have
  std::string origin;  ///< where the configuration came from
};

/// Why a request got no answer over this connection: with an errno if known, EPROTO if the answer was not HTTP, 0 if
/// TLS failed.
[[nodiscard]] Error describe(const LibraryFailure& failure, const Connection& connection, const ServerLabel& server);

}  // namespace selvage::k8s_client
