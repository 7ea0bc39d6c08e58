#pragma once

#include <string_view>

namespace selvage::controller {

enum class LogFormat { text, json };

/// Sets up the process' log: lines on standard error, each with UTC time and level; as JSON, one object per line with
/// "time", "level" and "message".
///
/// Levels: error - something is not enforced as requested, and what is enforced instead; warning - policy is enforced,
/// but the cluster's operator should look; info - one line for each commit and for what begins or ends; debug -
/// reasons.
void set_up_log(LogFormat format, bool debug);

/// Logs a line at level info. `members` (members_line) are added to its object in a JSON log and left out of a text
/// log; their names must not be "time", "level" or "message".
void log_info(std::string_view message, const std::string& members);

}  // namespace selvage::controller
