#pragma once

#include <string>

#include "cli/reference/model.h"

/// Completions of a program in the languages of shells: subcommands, options, words, files and folders.
namespace selvage::cli::reference {

/// Goes to bash-completion's folder under the program's name.
[[nodiscard]] std::string bash_completion(const ProgramText& program);
/// Goes to a folder of fpath as "_NAME".
[[nodiscard]] std::string zsh_completion(const ProgramText& program);
/// Goes to a folder of fish_complete_path as "NAME.fish".
[[nodiscard]] std::string fish_completion(const ProgramText& program);

}  // namespace selvage::cli::reference
