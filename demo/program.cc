#include "demo/program.h"

#include <filesystem>
#include <map>
#include <string>

namespace selvage::demo {
namespace {

/// A path relative to the folder of this executable, in the build tree or as installed.
std::filesystem::path beside_program(const char* path) {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / path).lexically_normal();
}

std::string exit_codes_text() {
  std::string text = "Exit codes:";
  for (const auto& code : kExitCodes) text += std::string("\n  ") + code.code + "  " + code.meaning;
  return text;
}

}  // namespace

std::unique_ptr<CLI::App> make_program(DemoOptions& options) {
  options.examples = beside_program(SELVAGE_EXAMPLES_BESIDE);
  options.agent = beside_program("selvage");
  auto app = std::make_unique<CLI::App>(
      "Run a three-tier application in network namespaces and show, step by step, which pod can reach which",
      "selvage-demo");
  app->set_version_flag("--version", "selvage-demo " SELVAGE_VERSION, "Print the version and exit");
  app->add_option("--examples", options.examples,
                  "Folder of the demo's policies. Default: the examples installed with the program")
      ->type_name("FOLDER");
  app->add_option("--selvage", options.agent,
                  "The selvage program that runs as the node's agent. Default: the one in the folder of this program")
      ->type_name("FILE");
  app->add_flag("--keep", options.keep, "Keep everything running after the last step, until Ctrl-C");
  const std::map<std::string, Colour> colours = {
      {"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}};
  app->add_option("--colour,--color", options.colour, "Whether to print in colours: auto does on a terminal")
      ->transform(CLI::CheckedTransformer(colours).description(""))
      ->type_name("auto|always|never");
  app->footer(exit_codes_text());
  return app;
}

}  // namespace selvage::demo
