#pragma once

#include <string>

#include "base/result.h"

namespace selvage::cli {

/// What an agent says of itself (controller::to_json of AgentStatus), as one screen for people. Fails where the text is
/// not such.
Result<std::string> status_text(const std::string& json);

}  // namespace selvage::cli
