#include "controller/agent.h"

#include <net/if.h>

#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "cli/commands.h"
#include "cli/config.h"
#include "cli/exit_codes.h"
#include "controller/log.h"

namespace selvage::cli {
namespace {

struct AgentArguments {
  controller::AgentOptions agent;
  controller::LogFormat log_format = controller::LogFormat::text;
  bool debug = false;
  std::string config;
};

constexpr const char* kAgentFooter =
    "--config FILE is YAML with the same names: \"node: n1\", \"pod-bridge: [cni0]\". The command line wins.\n"
    "SIGTERM and SIGINT stop the agent; the tables go on enforcing (selvage cleanup removes them).";

/// Network devices have names of 1 to 15 bytes (IFNAMSIZ counts the end).
std::string check_device_name(std::string& name) {
  return name.empty() || name.size() >= IFNAMSIZ ? "the name of a bridge has 1 to 15 bytes: \"" + name + "\"" : "";
}

void add_options(CLI::App& command, AgentArguments& arguments) {
  const std::map<std::string, controller::UnknownPods> unknown_pods = {{"auto", controller::UnknownPods::automatic},
                                                                       {"allow", controller::UnknownPods::allow},
                                                                       {"drop", controller::UnknownPods::drop}};
  const std::map<std::string, controller::LogFormat> log_formats = {{"text", controller::LogFormat::text},
                                                                    {"json", controller::LogFormat::json}};
  controller::AgentOptions& agent = arguments.agent;
  command.add_option("--manifests", agent.manifests,
                     "Folder of YAML and JSON manifests: pods, namespaces, network policies");
  command.add_option("--node", agent.node, "Name of this node: spec.nodeName of its pods")->envname("NODE_NAME");
  command.add_flag("--once", agent.once, "Commit what the folder says and exit");
  command.add_flag("--dry-run", agent.dry_run, "Print the tables and the plan instead of committing");
  command
      .add_option("--unknown-pods", agent.unknown_pods,
                  "Addresses on pod bridges that no pod of this node has: auto (dropped in a direction while a pod is "
                  "isolated in it), allow, drop")
      ->transform(CLI::CheckedTransformer(unknown_pods).description(""))
      ->type_name("MODE");
  command
      .add_option("--pod-bridge", agent.pod_bridges,
                  "Bridge that pods hang on; may be repeated. Default: cni0, and bridges with a subnet of local pods")
      ->check(CLI::Validator(check_device_name, "NAME"));
  command.add_option("--log-format", arguments.log_format, "text or json")
      ->transform(CLI::CheckedTransformer(log_formats).description(""))
      ->type_name("FORMAT");
  command.add_flag("--debug", arguments.debug, "Log why, too");
}

/// Gives the config file's values to those options that the command line left alone.
void apply_config(CLI::App& command, const std::string& path) {
  if (path.empty()) return;
  const auto config = read_config(path);
  if (!config) throw CLI::FileError(config.error().message, CLI::ExitCodes::FileError);
  for (const auto& [key, entry] : *config) {
    const bool for_command_line_only = key == "config" || key == "help";
    CLI::Option* option = for_command_line_only ? nullptr : command.get_option_no_throw("--" + key);
    if (option == nullptr) {
      throw CLI::ConfigError(entry.place + ": there is no such option", CLI::ExitCodes::ConfigError);
    }
    if (option->count() > 0) continue;
    try {
      for (const auto& value : entry.values) option->add_result(value);
      option->run_callback();
    } catch (const CLI::ParseError& error) {
      throw CLI::ConfigError(entry.place + ": " + error.what(), CLI::ExitCodes::ConfigError);
    }
  }
}

void require(const std::string& value, const char* option) {
  if (value.empty()) throw CLI::RequiredError(option);
}

int run(const AgentArguments& arguments) {
  controller::set_up_log(arguments.log_format, arguments.debug);
  const auto end = controller::run_agent(arguments.agent);
  if (!end) {
    std::cerr << "selvage: " << end.error().message << "\n";
    return kFailed;
  }
  switch (*end) {
    case controller::AgentEnd::done:
      return kDone;
    case controller::AgentEnd::bad_manifests:
      return kBadManifests;
    case controller::AgentEnd::not_effective:
      return kNotEffective;
  }
  return kFailed;
}

}  // namespace

void add_agent(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<AgentArguments>();
  CLI::App* command = app.add_subcommand("agent", "Enforce the policies of this node's pods");
  add_options(*command, *arguments);
  command->add_option("--config", arguments->config, "YAML file with any of these options");
  command->footer(kAgentFooter);
  command->callback([&action, arguments, command] {
    apply_config(*command, arguments->config);
    require(arguments->agent.manifests, "--manifests");
    require(arguments->agent.node, "--node");
    action = [arguments] { return run(*arguments); };
  });
}

}  // namespace selvage::cli
