#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <optional>

namespace selvage::cli {

/// Adds the option that chooses between text and JSON, "-o text|json", and its alias --json. `json` must outlive
/// parsing.
void add_output_option(CLI::App& command, bool& json);

/// Columns of the terminal that is standard output; nothing if it is not a terminal.
[[nodiscard]] std::optional<std::size_t> terminal_width();

}  // namespace selvage::cli
