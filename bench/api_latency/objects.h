#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "policy/model/model.h"

/// The generated cluster's objects in the form of the Kubernetes API.
namespace selvage::bench {

/// The path to which a client POSTs an object of this kind: "/api/v1/namespaces/team-0/pods".
[[nodiscard]] std::string collection_path(const policy::ObjectKey& key);
/// The object itself: "/api/v1/namespaces/team-0/pods/web-0".
[[nodiscard]] std::string object_path(const policy::ObjectKey& key);

/// The object as it is POSTed. A pod has a container with environment, probe and volume; with its status and
/// what the server adds it is about 5 KiB.
[[nodiscard]] nlohmann::json to_json(const policy::Object& object);

/// {"status": ...} of a running pod with its addresses: what its kubelet would PATCH.
[[nodiscard]] nlohmann::json running_status(const policy::Pod& pod);

}  // namespace selvage::bench
