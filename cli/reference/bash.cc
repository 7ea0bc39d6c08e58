#include "cli/reference/completions.h"

namespace selvage::cli::reference {
namespace {

std::string names_of(const CommandText& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options) names.insert(names.end(), option.names.begin(), option.names.end());
  return join(names, " ");
}

std::string action_of(const OptionText& option) {
  std::string action;
  if (option.offer == Offer::files) action = "_filedir; ";
  if (option.offer == Offer::folders) action = "_filedir -d; ";
  if (!option.words.empty()) action += "COMPREPLY+=($(compgen -W '" + join(option.words, " ") + "' -- \"$cur\")); ";
  return action;
}

/// Lines of a case over "COMMAND PREVIOUS-WORD"; of a program without commands, over " PREVIOUS-WORD".
std::string value_cases(const CommandText& command) {
  std::string text;
  for (const auto& option : command.options) {
    if (option.value.empty()) continue;
    std::vector<std::string> patterns;
    for (const auto& name : option.names) patterns.push_back("'" + command.name + " " + name + "'");
    text += "    " + join(patterns, " | ") + ") " + action_of(option) + "return ;;\n";
  }
  return text;
}

constexpr const char* kFindSubcommand = R"(  for word in "${words[@]:1:cword-1}"; do
    if [[ $word != -* ]]; then
      subcommand=$word
      break
    fi
  done
)";

std::string function_name(const ProgramText& program) { return "_" + replaced(program.name, "-", "_"); }

}  // namespace

std::string bash_completion(const ProgramText& program) {
  std::vector<std::string> commands;
  std::string values = program.commands.empty() ? value_cases(program.self) : "";
  std::string options;
  for (const auto& command : program.commands) {
    commands.push_back(command.name);
    values += value_cases(command);
    options += "    " + command.name + ") options='" + names_of(command) + "' ;;\n";
  }
  return "# Completion of " + program.name + "(8) for bash, made from the program's own options.\n" +
         function_name(program) + R"(() {
  local cur prev words cword split
  _init_completion -s || return
  local subcommand='' word options
)" + (program.commands.empty() ? "" : kFindSubcommand) +
         R"(  case "$subcommand $prev" in
)" + values +
         R"(  esac
  $split && return
  case $subcommand in
    '') options=')" +
         join(commands, " ") + " " + names_of(program.self) + "' ;;\n" + options +
         R"(    *) return ;;
  esac
  COMPREPLY=($(compgen -W "$options" -- "$cur"))
}
complete -F )" +
         function_name(program) + " " + program.name + "\n";
}

}  // namespace selvage::cli::reference
