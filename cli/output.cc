#include "cli/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/choice.h"

namespace selvage::cli {

void add_output_option(CLI::App& command, bool& json) {
  add_choice<bool>(command, "-o,--output", json, {{"text", false}, {"json", true}}, "Output format. Default: text");
  command.add_flag("--json", json, "The same as -o json")->excludes("--output");
}

std::optional<std::size_t> terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

}  // namespace selvage::cli
