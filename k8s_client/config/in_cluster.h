#pragma once

#include <optional>
#include <string>

#include "k8s_client/config/kubeconfig.h"

namespace selvage::k8s_client {

/// Why this process has no service account of a pod; nothing if it has one: KUBERNETES_SERVICE_HOST and _PORT are set,
/// and `folder`/token exists.
[[nodiscard]] std::optional<std::string> why_not_in_cluster(const Environment& environment, const std::string& folder);

}  // namespace selvage::k8s_client
