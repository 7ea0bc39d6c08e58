#include "controller/preflight/preflight.h"

#include <iostream>
#include <memory>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
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
  std::cout << (arguments.json ? controller::to_json(report) + "\n" : controller::to_table(report)) << std::flush;
  return report.failed() ? kFailed : kDone;
}

}  // namespace

void add_preflight(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<PreflightArguments>();
  arguments->options.log_group = controller::kDeniedGroup;
  CLI::App* command =
      app.add_subcommand("preflight", "Look whether this node has what the agent needs; change nothing");
  command->add_option("--pod-bridge", arguments->options.pod_bridges, "Bridge that pods hang on; may be repeated")
      ->type_name("NAME");
  command->add_option("--log-denied-group", arguments->options.log_group, "NFLOG group of denied packets")
      ->check(CLI::Range(0, 65535))
      ->type_name("GROUP");
  command->add_flag("--allow-ipvs", arguments->options.allow_ipvs, "Let kube-proxy in IPVS mode pass as a warning");
  command->add_option("--manifests", arguments->source.manifests, "Folder in which to count policies of other APIs")
      ->type_name("FOLDER");
  command
      ->add_option("--kubeconfig", arguments->source.api.kubeconfig,
                   "API server on which to count them. Default: KUBECONFIG, the pod's service account, ~/.kube/config")
      ->type_name("FILE");
  command->add_option("--context", arguments->source.api.context, "Context of the kubeconfig")->type_name("NAME");
  add_choice<bool>(*command, "-o,--output", arguments->json, {{"table", false}, {"json", true}},
                   "Form of what is printed");
  command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace selvage::cli
