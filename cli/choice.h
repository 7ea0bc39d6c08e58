#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

namespace selvage::cli {

/// Adds an option whose value is one of these words. --help shows them as its type, "auto|on|off", from which man pages
/// and completions take them. `value` must outlive parsing.
template <class T>
void add_choice(CLI::App& command, const std::string& names, T& value,
                const std::vector<std::pair<std::string, T>>& words, const std::string& description) {
  std::string place;
  for (const auto& word : words) place += (place.empty() ? "" : "|") + word.first;
  command.add_option(names, value, description)
      ->transform(CLI::CheckedTransformer(words).description(""))
      ->type_name(place);
}

}  // namespace selvage::cli
