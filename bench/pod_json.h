#pragma once

#include <cstddef>
#include <string>

/// Pods of a generated cluster as an API server writes them; deterministic.
namespace selvage::bench {

/// Pod number `index`, one of a Deployment, with everything that the API server and the kubelet add:
/// managedFields, volumes, tolerations, conditions, container statuses. 4 to 5 KiB.
[[nodiscard]] std::string pod_json(std::size_t index);
/// The body of a list of `pods` pods.
[[nodiscard]] std::string pod_list_json(std::size_t pods);

}  // namespace selvage::bench
