#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/exit_codes.h"
#include "cli/program.h"
#include "cli/reference/completions.h"
#include "cli/reference/man_page.h"
#include "demo/program.h"

/// Writes man pages and completions: selvage_reference FOLDER DATE. For the build.
namespace selvage::cli::reference {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path);
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file << text << std::flush;
}

ProgramText selvage() {
  Action action;
  ProgramText program = describe(*make_program(action));
  for (const auto& code : kExitCodes)
    program.exit_codes.push_back({std::to_string(code.code), code.command, code.meaning});
  program.see_also = {"selvage-demo", "nft"};
  return program;
}

ProgramText selvage_demo() {
  demo::DemoOptions options;
  ProgramText program = describe(*demo::make_program(options));
  for (const auto& code : demo::kExitCodes) program.exit_codes.push_back({code.code, "", code.meaning});
  program.see_also = {"selvage", "nft"};
  return program;
}

void write_all(const std::filesystem::path& folder, const std::string& date) {
  for (const ProgramText& program : {selvage(), selvage_demo()}) {
    write(folder / "man8" / (program.name + ".8"), man_page(program, program.self, date));
    for (const auto& command : program.commands)
      write(folder / "man8" / (page_name(program, command) + ".8"), man_page(program, command, date));
    write(folder / "bash" / program.name, bash_completion(program));
    write(folder / "zsh" / ("_" + program.name), zsh_completion(program));
    write(folder / "fish" / (program.name + ".fish"), fish_completion(program));
  }
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
