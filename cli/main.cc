#include <cstdio>
#include <exception>

#include "cli/commands.h"
#include "cli/exit_codes.h"

namespace selvage::cli {
namespace {

int run(int argc, char** argv) {
  CLI::App app("Selvage enforces Kubernetes NetworkPolicy on a Flannel node with nftables.", "selvage");
  app.set_version_flag("--version", "selvage " SELVAGE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done; 1 failed, or preflight: something stands in the way; 2 wrong command line or config file;\n"
      "3 agent --once: enforced, but some document was refused; 4 agent --once: committed, but bridged pod traffic\n"
      "does not pass nftables; 5 verify: the tables are not as they should be.");
  Action action;
  add_agent(app, action);
  add_preflight(app, action);
  add_verify(app, action);
  add_cleanup(app, action);
  add_demo(app, action);
  add_status(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return action();
}

}  // namespace
}  // namespace selvage::cli

int main(int argc, char** argv) {
  try {
    return selvage::cli::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "selvage: %s\n", error.what());
  } catch (...) {
    std::fputs("selvage: ended by an unknown exception\n", stderr);
  }
  return selvage::cli::kFailed;
}
