#include "controller/preflight/preflight.h"

#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/output.h"
#include "controller/agent/agent.h"

namespace selvage::cli {
namespace {

struct PreflightArguments {
  controller::PreflightOptions options;
  bool json = false;
};

int run(const PreflightArguments& arguments) {
  const auto report = controller::run_preflight(arguments.options);
  std::cout << (arguments.json ? controller::to_json(report) + "\n" : controller::to_table(report, terminal_width()))
            << std::flush;
  return report.failed() ? kFailed : kDone;
}

}  // namespace

void add_preflight(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<PreflightArguments>();
  arguments->options.log_group = controller::kDeniedGroup;
  CLI::App* command =
      app.add_subcommand("preflight", "Check whether this node has what the agent needs; change nothing");
  command->add_option("--pod-bridge", arguments->options.pod_bridges, "Bridge that connects pods; may be repeated")
      ->type_name("NAME");
  command->add_option("--log-denied-group", arguments->options.log_group, "NFLOG group of denied packets")
      ->check(CLI::Range(0, 65535))
      ->type_name("GROUP");
  command->add_flag("--allow-ipvs", arguments->options.allow_ipvs, "Only warn of kube-proxy in IPVS mode");
  add_output_option(*command, arguments->json);
  command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace selvage::cli
