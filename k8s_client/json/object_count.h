#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "k8s_client/api/transport.h"

/// Small questions to an API server, one request each.
namespace selvage::k8s_client {

/// The answer to a request for the number of objects.
struct ObjectCount {
  int code = 0;  ///< HTTP status code
  std::size_t objects =
      0;  ///< with code 200; a lower bound if the server does not report how many follow the first page
};

/// Counts the objects of a resource, "/apis/cilium.io/v2/ciliumnetworkpolicies", in all namespaces. Cheap: the server
/// sends the metadata of one object. Blocks; fails with the codes of Transport::get, and when the answer is not a list.
[[nodiscard]] Result<ObjectCount> count_objects(Transport& transport, const std::string& path,
                                                std::chrono::milliseconds idle_limit);

/// The server's API versions, "cilium.io/v2", except for the core group's. Blocks; fails with the codes of
/// Transport::get, and with code 0 when the answer has another status than 200 or is not a list of groups.
[[nodiscard]] Result<std::vector<std::string>> list_api_versions(Transport& transport,
                                                                 std::chrono::milliseconds idle_limit);

}  // namespace selvage::k8s_client
