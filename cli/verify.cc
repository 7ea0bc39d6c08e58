#include <iostream>
#include <memory>
#include <random>

#include "cli/agent_options.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/output.h"
#include "controller/agent/self_check_node.h"

namespace selvage::cli {
namespace {

struct VerifyArguments {
  AgentArguments agent;
  bool json = false;
  std::uint64_t seed = 0;  ///< 0: a random one
};

void print(const controller::SelfCheckReport& report) {
  for (const auto& line : controller::lines_of(report)) std::cout << line << "\n";
  if (report.divergent() == 0) {
    std::cout << "no difference in the tables and in the verdicts on " << report.flows << " sampled flows\n";
  } else {
    std::cout << report.divergent() << " differing objects and verdicts\n";
  }
}

int run(const VerifyArguments& arguments) {
  controller::set_up_log(arguments.agent.log_format, arguments.agent.debug);
  const std::uint64_t seed = arguments.seed != 0 ? arguments.seed : std::random_device()() + std::uint64_t{1};
  const auto checked = controller::check_node(arguments.agent.agent, seed);
  if (!checked) {
    std::cerr << "selvage: " << checked.error().message << "\n";
    return kFailed;
  }
  if (arguments.json) {
    std::cout << controller::to_json(checked->report) << "\n";
  } else {
    print(checked->report);
  }
  if (!checked->complete) {
    std::cerr
        << "selvage: some documents are invalid: an agent may use their previous versions, or isolate pods for them\n";
  }
  return checked->report.divergent() == 0 ? kDone : kDivergent;
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<VerifyArguments>();
  CLI::App* command = app.add_subcommand("verify", "Compare the tables with the desired ones; change nothing");
  add_state_options(*command, arguments->agent);
  add_common_options(*command, arguments->agent);
  add_output_option(*command, arguments->json);
  command->add_option("--seed", arguments->seed, "Seed of the sampled flows. Default: random")->type_name("NUMBER");
  command->callback([&action, arguments, command] {
    complete(*command, arguments->agent);
    action = [arguments] { return run(*arguments); };
  });
}

}  // namespace selvage::cli
