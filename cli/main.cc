#include <cstdio>
#include <exception>

#include "cli/exit_codes.h"
#include "cli/program.h"
#include "cli/rights.h"

namespace selvage::cli {
namespace {

int run(int argc, char** argv) {
  Action action;
  const auto app = make_program(action);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app->exit(error) == 0 ? kDone : kUsage;
  }
  return action();
}

}  // namespace
}  // namespace selvage::cli

int main(int argc, char** argv) {
  try {
    selvage::cli::raise_net_admin();
    return selvage::cli::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "selvage: %s\n", error.what());
  } catch (...) {
    std::fputs("selvage: unknown exception\n", stderr);
  }
  return selvage::cli::kFailed;
}
