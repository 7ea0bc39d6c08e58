#include "cli/program.h"

#include "cli/exit_codes.h"

namespace selvage::cli {
namespace {

std::string exit_codes_text() {
  std::string text = "Exit codes:";
  for (const auto& code : kExitCodes) text += "\n  " + std::to_string(code.code) + "  " + code.meaning;
  return text;
}

}  // namespace

std::unique_ptr<CLI::App> make_program(Action& action) {
  auto app = std::make_unique<CLI::App>("Selvage enforces Kubernetes NetworkPolicy on a Flannel node with nftables.",
                                        "selvage");
  app->set_version_flag("--version", "selvage " SELVAGE_VERSION, "Print the version and exit");
  app->require_subcommand(1);
  app->footer(exit_codes_text());
  add_agent(*app, action);
  add_preflight(*app, action);
  add_verify(*app, action);
  add_verdicts(*app, action);
  add_cleanup(*app, action);
  add_status(*app, action);
  return app;
}

}  // namespace selvage::cli
