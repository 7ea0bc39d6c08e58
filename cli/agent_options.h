#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "controller/agent/agent.h"
#include "controller/output/log.h"

namespace selvage::cli {

/// The values of the command line and the config file of `agent`. Commands that compute the same tables use some of
/// them.
struct AgentArguments {
  controller::AgentOptions agent;
  controller::LogFormat log_format = controller::LogFormat::text;
  bool debug = false;
  int api_idle_seconds = 150;
  int self_check_seconds = 600;
  std::vector<std::string> http_addresses;                                  ///< or "off"
  std::string log_denied_group = std::to_string(controller::kDeniedGroup);  ///< a number, or "off"
  std::string config;
};

/// Adds the options that the tables depend on: the source of objects, the node, how to treat it. Both arguments must
/// outlive parsing; here and below.
void add_state_options(CLI::App& command, AgentArguments& arguments);
/// Adds the options for running the agent.
void add_run_options(CLI::App& command, AgentArguments& arguments);
/// Adds the options of the log, and --config.
void add_common_options(CLI::App& command, AgentArguments& arguments);

/// Call it after the command line is parsed: reads the config file, whose values apply where the command line has none,
/// and completes `arguments`. Options of `agent` that `command` lacks are ignored in the file, so that one file serves
/// all commands. Throws a CLI::ParseError if something is missing or invalid.
void complete(CLI::App& command, AgentArguments& arguments);

}  // namespace selvage::cli
