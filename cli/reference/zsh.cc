#include "cli/reference/completions.h"

namespace selvage::cli::reference {
namespace {

/// Text that goes in single quotes, escaped for _arguments and _describe.
std::string zsh_escaped(std::string text) {
  for (const std::string sign : {"\\", ":", "[", "]"}) text = replaced(std::move(text), sign, "\\" + sign);
  return replaced(std::move(text), "'", "'\\''");
}

/// The end of a specification, about the value.
std::string message_and_action(const OptionText& option) {
  const std::string words = option.words.empty() ? "" : "(" + join(option.words, " ") + ")";
  const std::string place = zsh_escaped(option.value);
  switch (option.offer) {
    case Offer::files:
      return ":" + place + ":_files";
    case Offer::folders:
      return ":" + place + ":_files -/";
    case Offer::nothing:
      break;
  }
  return ":" + place + ":" + (words.empty() ? " " : words);
}

/// A specification of _arguments(zshcompsys): '(-o --output)'{-o+,--output=}'[description]:FORMAT:(text json)'.
std::string specification(const OptionText& option) {
  std::vector<std::string> names;
  for (const auto& name : option.names) {
    const std::string takes = name.starts_with("--") ? "=" : "+";
    names.push_back(name + (option.value.empty() ? "" : takes));
  }
  std::string text = option.repeats ? "'*'" : "'(" + join(option.names, " ") + ")'";
  text += names.size() == 1 ? "'" + names.front() + "'" : "{" + join(names, ",") + "}";
  text += "'[" + zsh_escaped(brief(option.description)) + "]";
  if (!option.value.empty()) text += message_and_action(option);
  return text + "'";
}

std::string arguments_of(const CommandText& command, const std::string& indent) {
  std::string text = "_arguments -C";
  for (const auto& option : command.options) text += " \\\n" + indent + "  " + specification(option);
  return text;
}

/// The body for a program with subcommands.
std::string commands_body(const ProgramText& program) {
  std::string commands;
  std::string cases;
  for (const auto& command : program.commands) {
    commands += "        '" + command.name + ":" + zsh_escaped(brief(command.description)) + "'\n";
    cases += "        " + command.name + ") " + arguments_of(command, "          ") + " ;;\n";
  }
  return R"(  local curcontext="$curcontext" context state state_descr line
  typeset -A opt_args
  )" + arguments_of(program.self, "  ") +
         R"( \
    '1: :->command' '*:: :->arguments' && return
  case $state in
    command)
      local -a commands=(
)" + commands +
         R"(      )
      _describe -t commands command commands
      ;;
    arguments)
      case $line[1] in
)" + cases +
         R"(      esac
      ;;
  esac
)";
}

}  // namespace

std::string zsh_completion(const ProgramText& program) {
  const std::string function = "_" + replaced(program.name, "-", "_");
  return "#compdef " + program.name + "\n# Completion of " + program.name +
         "(8) for zsh, made from the program's own options.\n" + function + "() {\n" +
         (program.commands.empty() ? "  " + arguments_of(program.self, "  ") + "\n" : commands_body(program)) + "}\n" +
         function + " \"$@\"\n";
}

}  // namespace selvage::cli::reference
