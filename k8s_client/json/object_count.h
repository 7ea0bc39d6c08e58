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
  int code = 0;             ///< HTTP status code
  std::size_t objects = 0;  ///< with code 200; at least so many where the server does not say how many follow the first
};

/// Counts the objects of a resource, "/apis/cilium.io/v2/ciliumnetworkpolicies", in all namespaces. Cheap: the server
/// sends the metadata of one object. Blocks; fails with the codes of Transport::get and where the answer is no list.
[[nodiscard]] Result<ObjectCount> count_objects(Transport& transport, const std::string& path,
                                                std::chrono::milliseconds idle_limit);

/// The API versions that the server has, "cilium.io/v2"; without those of the core group. Blocks; fails with the codes
/// of Transport::get, and with code 0 where the answer is another than 200 or no list of groups.
[[nodiscard]] Result<std::vector<std::string>> list_api_versions(Transport& transport,
                                                                 std::chrono::milliseconds idle_limit);

}  // namespace selvage::k8s_client
