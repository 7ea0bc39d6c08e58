#include "cli/agent_options.h"

#include <net/if.h>

#include <cstdint>
#include <string>

#include "base/ip_address.h"
#include "cli/choice.h"
#include "cli/config.h"
#include "controller/status/status_socket.h"

namespace selvage::cli {
namespace {

/// Network devices have names of 1 to 15 bytes (IFNAMSIZ counts the end).
std::string check_device_name(std::string& name) {
  return name.empty() || name.size() >= IFNAMSIZ ? "not a bridge name of 1 to 15 bytes: \"" + name + "\"" : "";
}

std::string check_http_address(std::string& text) {
  return text == "off" || IpAddress::parse(text) ? "" : "neither an IP address nor \"off\": \"" + text + "\"";
}

/// Takes the addresses from the checked texts.
void take_http_addresses(AgentArguments& arguments) {
  for (const auto& text : arguments.http_addresses) {
    if (text == "off") arguments.agent.http = false;
    if (const auto address = IpAddress::parse(text)) arguments.agent.http_addresses.push_back(*address);
  }
}

void add_source_options(CLI::App& command, AgentArguments& arguments) {
  controller::AgentOptions& agent = arguments.agent;
  command
      .add_option(
          "--manifests", agent.manifests,
          "Folder of YAML and JSON manifests of pods, namespaces and network policies, followed instead of the API "
          "server")
      ->type_name("FOLDER");
  command
      .add_option("--kubeconfig", agent.api.kubeconfig,
                  "Access to the API server. Default: KUBECONFIG, the pod's service account, ~/.kube/config")
      ->type_name("FILE");
  command.add_option("--context", agent.api.context, "Context of the kubeconfig. Default: its current-context")
      ->type_name("NAME");
  command
      .add_option("--api-idle-timeout", arguments.api_idle_seconds,
                  "Close a connection to the API server on which nothing arrives for this time. Default: 150")
      ->check(CLI::Range(1, 3600))
      ->type_name("SECONDS");
  command.add_option("--node", agent.node, "Name of this node: spec.nodeName of its pods")
      ->envname("NODE_NAME")
      ->type_name("NAME");
  command.add_flag("--staged", agent.staged,
                   "Deny nothing; count and log what policies would deny. The annotation selvage.dev/mode (enforced or "
                   "staged) of a policy or of its namespace takes precedence");
}

void add_monitoring_options(CLI::App& command, AgentArguments& arguments) {
  const std::map<std::string, bool> on_or_off = {{"on", true}, {"off", false}};
  command
      .add_option(
          "--events", arguments.agent.events,
          "Write Kubernetes Events about policies that cannot be used, and while this node does not enforce all "
          "policies: on or off. Default: on when an API server is followed")
      ->transform(CLI::CheckedTransformer(on_or_off).description(""))
      ->type_name("MODE");
  command
      .add_option("--http-address", arguments.http_addresses,
                  "Address that serves metrics and health (/metrics, /livez, /readyz); may be repeated. Or off. "
                  "Default: POD_IPS, or the node's source addresses towards its default route")
      ->check(CLI::Validator(check_http_address, ""))
      ->type_name("ADDRESS|off")
      ->delimiter(',')
      ->envname("POD_IPS");
  command.add_option("--http-port", arguments.agent.http_port, "Port of metrics and health. Default: 9697")
      ->check(CLI::Range(1, 65535))
      ->type_name("PORT");
  command
      .add_option("--status-socket", arguments.agent.status_socket,
                  "Unix socket that answers selvage status, or off. Default: " + std::string(controller::kStatusSocket))
      ->envname("SELVAGE_STATUS_SOCKET")
      ->type_name("PATH|off");
  command
      .add_option("--self-check-interval", arguments.self_check_seconds,
                  "Seconds between self-checks, which compare the tables with the desired ones; 0: only on SIGUSR1. "
                  "Default: 600")
      ->check(CLI::Range(0, 86'400))
      ->type_name("SECONDS");
  command.add_flag("--allow-ipvs", arguments.agent.allow_ipvs,
                   "Report ready although kube-proxy in IPVS mode routes Service traffic around the policies");
}

/// Whether the agent has this option, named without its dashes.
bool is_agent_option(const std::string& name) {
  CLI::App agent;
  AgentArguments arguments;
  add_state_options(agent, arguments);
  add_run_options(agent, arguments);
  add_common_options(agent, arguments);
  return agent.get_option_no_throw("--" + name) != nullptr;
}

void take_value(CLI::App& command, const std::string& key, const ConfigEntry& entry) {
  const bool for_command_line_only = key == "config" || key == "help";
  CLI::Option* option = for_command_line_only ? nullptr : command.get_option_no_throw("--" + key);
  if (option == nullptr) {
    if (!for_command_line_only && is_agent_option(key)) return;
    throw CLI::ConfigError(entry.place + ": no such option", CLI::ExitCodes::ConfigError);
  }
  if (option->count() > 0) return;
  try {
    for (const auto& value : entry.values) option->add_result(value);
    option->run_callback();
  } catch (const CLI::ParseError& error) {
    throw CLI::ConfigError(entry.place + ": " + error.what(), CLI::ExitCodes::ConfigError);
  }
}

void apply_config(CLI::App& command, const std::string& path) {
  if (path.empty()) return;
  const auto config = read_config(path);
  if (!config) throw CLI::FileError(config.error().message, CLI::ExitCodes::FileError);
  for (const auto& [key, entry] : *config) take_value(command, key, entry);
}

void check_source(const controller::AgentOptions& agent) {
  const bool names_api = !agent.api.kubeconfig.empty() || !agent.api.context.empty();
  if (!agent.manifests.empty() && names_api) throw CLI::ExcludesError("--manifests", "--kubeconfig, --context");
}

}  // namespace

void add_state_options(CLI::App& command, AgentArguments& arguments) {
  add_source_options(command, arguments);
  add_choice<controller::UnknownPods>(
      command, "--unknown-pods", arguments.agent.unknown_pods,
      {{"auto", controller::UnknownPods::automatic},
       {"allow", controller::UnknownPods::allow},
       {"drop", controller::UnknownPods::drop}},
      "Addresses on pod bridges that belong to no known pod of this node: auto (drop in a direction while a pod is "
      "isolated in it), allow, drop");
  command
      .add_option("--pod-bridge", arguments.agent.pod_bridges,
                  "Bridge that connects pods; may be repeated. Default: cni0, and bridges with a subnet of local pods")
      ->check(CLI::Validator(check_device_name, ""))
      ->type_name("NAME");
  command.add_flag("--policy-counters", arguments.agent.policy_counters,
                   "Count the packets that each policy allows, at 16 bytes per CPU and permission");
  command
      .add_option("--log-denied-group", arguments.log_denied_group,
                  "NFLOG group (0 to 65535) for logging denied packets, used by no other program, or off. Default: " +
                      std::to_string(controller::kDeniedGroup))
      ->check((CLI::Range(0, 65535) | CLI::IsMember({"off"})).description(""))
      ->type_name("GROUP|off");
}

void add_run_options(CLI::App& command, AgentArguments& arguments) {
  command.add_flag("--once", arguments.agent.once, "Commit the policies of the first full list and exit");
  command.add_flag("--dry-run", arguments.agent.dry_run, "Print the tables and the plan instead of committing them");
  add_choice<controller::TableOwner>(command, "--table-owner", arguments.agent.table_owner,
                                     {{"auto", controller::TableOwner::automatic},
                                      {"on", controller::TableOwner::on},
                                      {"off", controller::TableOwner::off}},
                                     "Whether the agent owns its tables, so that no other program can change them: "
                                     "auto (where the kernel supports it, "
                                     "Linux 6.9), on (or fail), off");
  add_monitoring_options(command, arguments);
}

void add_common_options(CLI::App& command, AgentArguments& arguments) {
  add_choice<controller::LogFormat>(command, "--log-format", arguments.log_format,
                                    {{"text", controller::LogFormat::text}, {"json", controller::LogFormat::json}},
                                    "Format of log lines");
  command.add_flag("--debug", arguments.debug, "Log reasons, too");
  command.add_option("--config", arguments.config, "YAML file with any of these options")->type_name("FILE");
}

void complete(CLI::App& command, AgentArguments& arguments) {
  apply_config(command, arguments.config);
  if (arguments.agent.node.empty()) throw CLI::RequiredError("--node");
  check_source(arguments.agent);
  if (arguments.log_denied_group == "off") {
    arguments.agent.log_denied_group.reset();
  } else {
    arguments.agent.log_denied_group = static_cast<std::uint16_t>(std::stoul(arguments.log_denied_group));
  }
  take_http_addresses(arguments);
  arguments.agent.self_check_interval = std::chrono::seconds(arguments.self_check_seconds);
  if (arguments.agent.status_socket == "off") arguments.agent.status_socket.clear();
  arguments.agent.api_idle_timeout = std::chrono::seconds(arguments.api_idle_seconds);
}

}  // namespace selvage::cli
