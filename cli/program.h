#pragma once

#include <memory>

#include "cli/commands.h"

namespace selvage::cli {

/// The command line of selvage. Parsing sets `action`, which must outlive the result.
[[nodiscard]] std::unique_ptr<CLI::App> make_program(Action& action);

}  // namespace selvage::cli
