#pragma once

#include <string>

#include "cli/reference/model.h"

/// Completions of the program in the languages of shells: subcommands, options, words, files and folders.
namespace selvage::cli::reference {

/// To lie in bash-completion's folder as "selvage".
[[nodiscard]] std::string bash_completion(const ProgramText& program);
/// To lie in a folder of fpath as "_selvage".
[[nodiscard]] std::string zsh_completion(const ProgramText& program);
/// To lie in a folder of fish_complete_path as "selvage.fish".
[[nodiscard]] std::string fish_completion(const ProgramText& program);

}  // namespace selvage::cli::reference
