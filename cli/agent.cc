#include "controller/agent/agent.h"

#include <iostream>
#include <memory>

#include "cli/agent_options.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "controller/output/log.h"

namespace selvage::cli {
namespace {

constexpr const char* kAgentFooter =
    "--config FILE is YAML with the same names: \"node: n1\", \"pod-bridge: [cni0]\". The command line takes "
    "precedence.\n"
    "SIGTERM and SIGINT stop the agent; the tables stay and enforce (selvage cleanup removes them).";

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
  CLI::App* command = app.add_subcommand("agent", "Enforce the network policies of this node's pods");
  add_state_options(*command, *arguments);
  add_run_options(*command, *arguments);
  add_common_options(*command, *arguments);
  command->footer(kAgentFooter);
  command->callback([&action, arguments, command] {
    complete(*command, *arguments);
    arguments->agent.version = SELVAGE_VERSION;
    action = [arguments] { return run(*arguments); };
  });
}

}  // namespace selvage::cli
