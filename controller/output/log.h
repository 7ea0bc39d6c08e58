#pragma once

#include <string_view>

#include "controller/output/json_members.h"

namespace selvage::controller {

enum class LogFormat { text, json };

/// Sets the process' log up: lines on standard error, each with UTC time and level; as JSON one
/// object a line with "time", "level" and "message".
///
/// Levels: error - something is not enforced as asked, and what stays instead; warning - it is, but
/// somebody should look; info - one line for each commit and for what begins or ends; debug - why.
void set_up_log(LogFormat format, bool debug);

/// Logs a line at level info that has more members than others in a JSON log; a text log has the message alone. Other
/// names than "time", "level" and "message".
void log_info(std::string_view message, const JsonMembers& members);

}  // namespace selvage::controller
