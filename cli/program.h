#pragma once

#include <memory>

#include "cli/commands.h"

namespace selvage::cli {

/// The whole command line of the program. A subcommand that is given sets `action`, which must outlive what is
/// returned.
[[nodiscard]] std::unique_ptr<CLI::App> make_program(Action& action);

}  // namespace selvage::cli
