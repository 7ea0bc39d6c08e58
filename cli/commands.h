#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace selvage::cli {

/// Runs a subcommand after the command line is parsed; returns the exit code.
using Action = std::function<int()>;

/// Each adds its subcommand to `app`. Parsing the subcommand sets `action`, which must outlive `app`.
/// @{
void add_agent(CLI::App& app, Action& action);
void add_cleanup(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_preflight(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_verdicts(CLI::App& app, Action& action);
/// @}

}  // namespace selvage::cli
