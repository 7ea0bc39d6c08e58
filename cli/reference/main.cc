#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/program.h"
#include "cli/reference/completions.h"
#include "cli/reference/man_page.h"

/// Writes man pages and completions: selvage_reference FOLDER DATE. For the build.
namespace selvage::cli::reference {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path);
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file << text << std::flush;
}

void write_all(const std::filesystem::path& folder, const std::string& date) {
  Action action;
  const auto app = make_program(action);
  const ProgramText program = describe(*app);
  write(folder / "man8" / "selvage.8", man_page(program, program.self, date));
  for (const auto& command : program.commands)
    write(folder / "man8" / (page_name(command) + ".8"), man_page(program, command, date));
  write(folder / "bash" / "selvage", bash_completion(program));
  write(folder / "zsh" / "_selvage", zsh_completion(program));
  write(folder / "fish" / "selvage.fish", fish_completion(program));
}

}  // namespace
}  // namespace selvage::cli::reference

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::runtime_error("usage: selvage_reference FOLDER DATE");
    selvage::cli::reference::write_all(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "selvage_reference: " << error.what() << "\n";
    return 1;
  }
}
