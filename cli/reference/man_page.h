#pragma once

#include <string>

#include "cli/reference/model.h"

namespace selvage::cli::reference {

/// The name of a command's page, without section: "selvage-agent".
[[nodiscard]] std::string page_name(const ProgramText& program, const CommandText& command);
/// The page in man(7)'s macros. `date` is YYYY-MM-DD.
[[nodiscard]] std::string man_page(const ProgramText& program, const CommandText& command, const std::string& date);

}  // namespace selvage::cli::reference
