#pragma once

#include <string_view>

#include "base/result.h"

namespace selvage::controller {

/// Sends a state such as "READY=1" to the service manager: sd_notify(3), to the Unix socket in NOTIFY_SOCKET. Does
/// nothing if that is not set.
Result<void> notify_service_manager(std::string_view state);

}  // namespace selvage::controller
