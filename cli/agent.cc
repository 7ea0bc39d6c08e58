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
  int api_idle_seconds = 150;
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
  const std::map<std::string, controller::TableOwner> table_owners = {{"auto", controller::TableOwner::automatic},
                                                                      {"on", controller::TableOwner::on},
                                                                      {"off", controller::TableOwner::off}};
  const std::map<std::string, controller::LogFormat> log_formats = {{"text", controller::LogFormat::text},
                                                                    {"json", controller::LogFormat::json}};
  controller::AgentOptions& agent = arguments.agent;
  command.add_option("--manifests", agent.manifests,
                     "Folder of YAML and JSON manifests to follow instead of the API server: pods, namespaces, network "
                     "policies");
  command.add_option("--kubeconfig", agent.api.kubeconfig,
                     "How to reach the API server. Default: KUBECONFIG, the pod's service account, ~/.kube/config");
  command.add_option("--context", agent.api.context, "Context of the kubeconfig. Default: its current-context");
  command
      .add_option(
          "--api-idle-timeout", arguments.api_idle_seconds,
          "Seconds; a connection to the API server on which nothing comes for so long is given up. Default: 150")
      ->check(CLI::Range(1, 3600))
      ->type_name("SECONDS");
  command.add_option("--node", agent.node, "Name of this node: spec.nodeName of its pods")->envname("NODE_NAME");
  command.add_flag("--once", agent.once, "Commit what the first full list says and exit");
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
  command
      .add_option("--table-owner", agent.table_owner,
                  "Whether nobody else may change the tables while the agent runs: auto (where the kernel can do that, "
                  "Linux 6.9), on (or fail), off")
      ->transform(CLI::CheckedTransformer(table_owners).description(""))
      ->type_name("MODE");
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

void check_source(const controller::AgentOptions& agent) {
  const bool speaks_of_api = !agent.api.kubeconfig.empty() || !agent.api.context.empty();
  if (!agent.manifests.empty() && speaks_of_api) throw CLI::ExcludesError("--manifests", "--kubeconfig, --context");
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
    require(arguments->agent.node, "--node");
    check_source(arguments->agent);
    arguments->agent.api_idle_timeout = std::chrono::seconds(arguments->api_idle_seconds);
    action = [arguments] { return run(*arguments); };
  });
}

}  // namespace selvage::cli
