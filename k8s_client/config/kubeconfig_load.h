#pragma once

#include "base/result.h"
#include "k8s_client/config/api_config.h"
#include "k8s_client/config/kubeconfig_select.h"

namespace selvage::k8s_client {

/// Reads the files that a selection names, and checks that their contents fit together.
[[nodiscard]] Result<ApiConfig> load_selection(const Selection& selection);

}  // namespace selvage::k8s_client
