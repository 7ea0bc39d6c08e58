#include <iostream>
#include <memory>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/status_text.h"
#include "controller/status/status_socket.h"

namespace selvage::cli {
namespace {

struct StatusArguments {
  std::string socket = controller::kStatusSocket;
  bool json = false;
};

int run(const StatusArguments& arguments) {
  const auto answer = controller::ask_status(arguments.socket);
  if (!answer) {
    std::cerr << "selvage: " << answer.error().message << " (is an agent running here, and are you root?)\n";
    return kFailed;
  }
  const auto text = arguments.json ? Result<std::string>(*answer + "\n") : status_text(*answer);
  if (!text) {
    std::cerr << "selvage: " << text.error().message << "\n";
    return kFailed;
  }
  std::cout << *text << std::flush;
  return kDone;
}

}  // namespace

void add_status(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<StatusArguments>();
  CLI::App* command = app.add_subcommand("status", "Show what the agent of this node does");
  command->add_option("--socket", arguments->socket, "The agent's --status-socket. Default: " + arguments->socket)
      ->envname("SELVAGE_STATUS_SOCKET")
      ->type_name("PATH");
  command->add_flag("--json", arguments->json, "One JSON object instead of text");
  add_choice<bool>(*command, "-o,--output", arguments->json, {{"text", false}, {"json", true}},
                   "Form of what is printed");
  command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace selvage::cli
