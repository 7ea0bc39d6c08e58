#include "cli/reference/completions.h"

namespace selvage::cli::reference {
namespace {

std::string in_quotes(std::string text) {
  return "'" + replaced(replaced(std::move(text), "\\", "\\\\"), "'", "\\'") + "'";
}

std::string value_of(const OptionText& option) {
  if (option.value.empty()) return "";
  std::string words = join(option.words, " ");
  if (option.offer == Offer::files) return " -r -F" + (words.empty() ? "" : " -a " + in_quotes(words));
  if (option.offer == Offer::folders) words = "(__fish_complete_directories)";
  return " -x" + (words.empty() ? "" : " -a " + in_quotes(words));
}

std::string line(const OptionText& option, const std::string& when) {
  std::string text = "complete -c selvage -n " + in_quotes(when);
  for (const auto& name : option.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return text + value_of(option) + " -d " + in_quotes(brief(option.description)) + "\n";
}

}  // namespace

std::string fish_completion(const ProgramText& program) {
  std::string text =
      "# Completion of selvage(8) for fish, made from the program's own options.\ncomplete -c selvage -f\n";
  const std::string first = "__fish_use_subcommand";
  for (const auto& option : program.self.options) text += line(option, first);
  for (const auto& command : program.commands) {
    text += "complete -c selvage -n " + in_quotes(first) + " -a " + command.name + " -d " +
            in_quotes(brief(command.description)) + "\n";
    for (const auto& option : command.options) text += line(option, "__fish_seen_subcommand_from " + command.name);
  }
  return text;
}

}  // namespace selvage::cli::reference
