#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace selvage::k8s_client {

/// Runs `job`, which must not throw, in a detached thread. `what` is for the error.
[[nodiscard]] Result<void> start_detached(std::function<void()> job, const std::string& what);

}  // namespace selvage::k8s_client
