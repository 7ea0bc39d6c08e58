#include <cstdio>
#include <exception>

#include "demo/program.h"

namespace selvage::demo {
namespace {

int run(int argc, char** argv) {
  DemoOptions options;
  const auto app = make_program(options);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app->exit(error) == 0 ? 0 : 2;
  }
  return run_demo(options);
}

}  // namespace
}  // namespace selvage::demo

int main(int argc, char** argv) {
  try {
    return selvage::demo::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "selvage-demo: %s\n", error.what());
  } catch (...) {
    std::fputs("selvage-demo: unknown exception\n", stderr);
  }
  return 1;
}
