#include <iostream>

#include "cli/commands.h"
#include "cli/exit_codes.h"

int main(int argc, char** argv) {
  using namespace selvage::cli;  // NOLINT(google-build-using-namespace): this file is the namespace's front door
  CLI::App app("Selvage enforces Kubernetes NetworkPolicy on a Flannel node with nftables.", "selvage");
  app.set_version_flag("--version", "selvage " SELVAGE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done; 1 failed; 2 wrong command line or config file; 3 agent --once: enforced, but some\n"
      "document was refused; 4 agent --once: committed, but bridged pod traffic does not pass nftables.");
  Action action;
  add_agent(app, action);
  add_cleanup(app, action);
  add_demo(app, action);
  try {
    app.parse(argc, argv);
    return action();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  } catch (const std::exception& error) {
    std::cerr << "selvage: " << error.what() << "\n";
    return kFailed;
  }
}
