#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace selvage::cli {

/// What a subcommand does once the command line is read; returns the exit code.
using Action = std::function<int()>;

/// Each adds its subcommand to `app`; when that is given, it sets `action`, which lives as long as
/// `app`.
/// @{
void add_agent(CLI::App& app, Action& action);
void add_cleanup(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_preflight(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
/// @}

}  // namespace selvage::cli
