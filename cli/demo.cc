#include "lab/demo.h"

#include <map>
#include <memory>

#include "cli/commands.h"

namespace selvage::cli {

void add_demo(CLI::App& app, Action& action) {
  const auto options = std::make_shared<lab::DemoOptions>();
  options->examples = SELVAGE_EXAMPLES;
  CLI::App* command = app.add_subcommand(
      "demo", "Play a three-tier application in network namespaces and show who reaches whom, step by step");
  command->add_option("--examples", options->examples, "Folder of the demo's policies")->capture_default_str();
  command->add_flag("--keep", options->keep, "Keep everything running after the last step, until Ctrl-C");
  const std::map<std::string, lab::Colour> colours = {
      {"auto", lab::Colour::automatic}, {"always", lab::Colour::always}, {"never", lab::Colour::never}};
  command->add_option("--colour,--color", options->colour, "Colours: auto, always or never")
      ->transform(CLI::CheckedTransformer(colours).description(""))
      ->type_name("WHEN");
  command->callback([&action, options] { action = [options] { return lab::run_demo(*options); }; });
}

}  // namespace selvage::cli
