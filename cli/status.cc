#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/output.h"
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
    std::cerr << "selvage: " << answer.error().message << " (is an agent running on this node, and are you root?)\n";
    return kFailed;
  }
  const auto text = arguments.json ? Result<std::string>(*answer + "\n") : status_text(*answer, terminal_width());
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
  CLI::App* command = app.add_subcommand("status", "Show the state of this node's agent and the policies of its pods");
  command->add_option("--socket", arguments->socket, "The agent's --status-socket. Default: " + arguments->socket)
      ->envname("SELVAGE_STATUS_SOCKET")
      ->type_name("PATH");
  add_output_option(*command, arguments->json);
  command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace selvage::cli
