#include "controller/preflight/preflight.h"

#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/output.h"
#include "controller/agent/agent.h"
#include "controller/sources/unsupported_list.h"

namespace selvage::cli {
namespace {

struct PreflightArguments {
  controller::PreflightOptions options;
  controller::SourceOptions source;
  bool json = false;
};

int run(const PreflightArguments& arguments) {
  auto report = controller::run_preflight(arguments.options);
  report.items.push_back(controller::judge_other_policies(controller::list_unsupported_policies(arguments.source)));
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
  command->add_option("--manifests", arguments->source.manifests, "Folder whose policies of other APIs are counted")
      ->type_name("FOLDER");
  command
      ->add_option(
          "--kubeconfig", arguments->source.api.kubeconfig,
          "API server whose policies of other APIs are counted. Default: KUBECONFIG, the pod's service account, "
          "~/.kube/config")
      ->type_name("FILE");
  command->add_option("--context", arguments->source.api.context, "Context of the kubeconfig")->type_name("NAME");
  add_output_option(*command, arguments->json);
  command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace selvage::cli
