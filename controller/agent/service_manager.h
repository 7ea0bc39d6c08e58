#pragma once

#include <string_view>

#include "base/result.h"

namespace selvage::controller {

/// Tells the program that started this one how it stands, such as "READY=1": sd_notify(3), by the Unix socket that
/// NOTIFY_SOCKET names. Nothing where that is not set: nobody wants to know.
Result<void> tell_service_manager(std::string_view state);

}  // namespace selvage::controller
