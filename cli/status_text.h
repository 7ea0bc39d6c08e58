#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"

namespace selvage::cli {

/// An agent's state (controller::to_json of AgentStatus) as text for people, folded to `width` columns if given. Fails
/// if `json` is not such a state.
Result<std::string> status_text(const std::string& json, std::optional<std::size_t> width = std::nullopt);

}  // namespace selvage::cli
