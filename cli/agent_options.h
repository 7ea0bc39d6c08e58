#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "controller/agent/agent.h"
#include "controller/output/log.h"

namespace selvage::cli {

/// What the command line and the config file of `agent` say. Commands that work out what the agent
/// enforces take a part of it.
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

/// Adds what the tables depend on: where objects come from, the node, how the tables treat it. Both
/// must outlive what parses.
void add_state_options(CLI::App& command, AgentArguments& arguments);
/// Adds how the agent goes about it. Both must outlive what parses.
void add_run_options(CLI::App& command, AgentArguments& arguments);
/// Adds the log's options, and --config. Both must outlive what parses.
void add_common_options(CLI::App& command, AgentArguments& arguments);

/// To be called when the command line is read: takes in the config file, whose values go to those
/// options that the command line left alone, and completes `arguments`. An option of `agent` that
/// `command` does not have is passed over in the file, so that one file serves all commands. Throws a
/// CLI::ParseError where something is missing or wrong.
void complete(CLI::App& command, AgentArguments& arguments);

}  // namespace selvage::cli
