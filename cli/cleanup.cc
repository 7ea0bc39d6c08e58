#include <iostream>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "controller/agent/agent.h"

namespace selvage::cli {

void add_cleanup(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("cleanup", "Remove Selvage's tables: no policy is enforced any more");
  command->callback([&action] {
    action = [] {
      const auto done = controller::clean_up();
      if (done) return kDone;
      std::cerr << "selvage: " << done.error().message << "\n";
      return kFailed;
    };
  });
}

}  // namespace selvage::cli
