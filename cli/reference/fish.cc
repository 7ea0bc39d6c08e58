#include "cli/reference/completions.h"

namespace selvage::cli::reference {
namespace {

std::string fish_quoted(std::string text) {
  return "'" + replaced(replaced(std::move(text), "\\", "\\\\"), "'", "\\'") + "'";
}

/// Options of complete(1) about the value.
std::string value_flags(const OptionText& option) {
  if (option.value.empty()) return "";
  std::string words = join(option.words, " ");
  if (option.offer == Offer::files) return " -r -F" + (words.empty() ? "" : " -a " + fish_quoted(words));
  if (option.offer == Offer::folders) words = "(__fish_complete_directories)";
  return " -x" + (words.empty() ? "" : " -a " + fish_quoted(words));
}

/// `when`: a condition; empty: always.
std::string line(const std::string& program, const OptionText& option, const std::string& when) {
  std::string text = "complete -c " + program + (when.empty() ? "" : " -n " + fish_quoted(when));
  for (const auto& name : option.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return text + value_flags(option) + " -d " + fish_quoted(brief(option.description)) + "\n";
}

}  // namespace

std::string fish_completion(const ProgramText& program) {
  const std::string& name = program.name;
  std::string text =
      "# Completion of " + name + "(8) for fish, made from the program's own options.\ncomplete -c " + name + " -f\n";
  const std::string first = program.commands.empty() ? "" : "__fish_use_subcommand";
  for (const auto& option : program.self.options) text += line(name, option, first);
  for (const auto& command : program.commands) {
    text += "complete -c " + name + " -n " + fish_quoted(first) + " -a " + command.name + " -d " +
            fish_quoted(brief(command.description)) + "\n";
    for (const auto& option : command.options)
      text += line(name, option, "__fish_seen_subcommand_from " + command.name);
  }
  return text;
}

}  // namespace selvage::cli::reference
