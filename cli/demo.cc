#include "lab/demo.h"

#include <filesystem>
#include <memory>

#include "cli/choice.h"
#include "cli/commands.h"

namespace selvage::cli {
namespace {

/// Where they lie beside this program, installed or in the build tree.
std::filesystem::path own_examples() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / SELVAGE_EXAMPLES_BESIDE).lexically_normal();
}

}  // namespace

void add_demo(CLI::App& app, Action& action) {
  const auto options = std::make_shared<lab::DemoOptions>();
  options->examples = own_examples();
  CLI::App* command = app.add_subcommand(
      "demo", "Play a three-tier application in network namespaces and show who reaches whom, step by step");
  command
      ->add_option("--examples", options->examples,
                   "Folder of the demo's policies. Default: those that came with the program")
      ->type_name("FOLDER");
  command->add_flag("--keep", options->keep, "Keep everything running after the last step, until Ctrl-C");
  add_choice<lab::Colour>(
      *command, "--colour,--color", options->colour,
      {{"auto", lab::Colour::automatic}, {"always", lab::Colour::always}, {"never", lab::Colour::never}},
      "Whether to print in colours: auto does on a terminal");
  command->callback([&action, options] { action = [options] { return lab::run_demo(*options); }; });
}

}  // namespace selvage::cli
