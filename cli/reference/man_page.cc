#include "cli/reference/man_page.h"

#include <algorithm>
#include <cctype>

#include "cli/reference/man_sections.h"

namespace selvage::cli::reference {
namespace {

/// Text as roff(7) input. Each - becomes a hyphen-minus that can be copied.
std::string escaped(std::string text) {
  text = replaced(replaced(replaced(std::move(text), "\\", "\\e"), "-", "\\-"), "\n", "\n.br\n");
  return text.starts_with('.') || text.starts_with('\'') ? "\\&" + text : text;
}

std::string bold(const std::string& text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string slanted(const std::string& text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

/// "auto|on|FILE": words bold, placeholders slanted.
std::string value_text(const OptionText& option) {
  std::vector<std::string> parts;
  for (const auto& part : split(option.value, '|')) {
    const bool word = std::find(option.words.begin(), option.words.end(), part) != option.words.end();
    parts.push_back(word ? bold(part) : slanted(part));
  }
  return join(parts, "|");
}

std::string sentence(const std::string& text) { return text.empty() || text.ends_with('.') ? text : text + "."; }

std::string option_text(const OptionText& option) {
  std::vector<std::string> names;
  for (const auto& name : option.names) names.push_back(bold(name));
  std::string text = ".TP\n" + join(names, ", ");
  if (!option.value.empty()) text += " " + value_text(option);
  text += "\n" + escaped(sentence(option.description));
  if (!option.limits.empty()) text += " From " + escaped(option.limits) + ".";
  if (!option.environment.empty()) text += " May come from the environment as " + bold(option.environment) + ".";
  return text + "\n";
}

/// Paragraphs of a section; `goes_on`: below another paragraph, not below the title.
std::string paragraphs_text(const Section& section, bool goes_on) {
  std::string text;
  for (const auto& paragraph : section.paragraphs) {
    if (!paragraph.term.empty()) {
      text += ".TP\n" + bold(paragraph.term) + "\n";
    } else if (goes_on) {
      text += ".PP\n";
    }
    text += escaped(paragraph.text) + "\n";
    goes_on = true;
  }
  return text;
}

std::string synopsis(const ProgramText& program, const CommandText& command) {
  const std::string options = " [" + slanted("option") + "]...\n";
  if (!command.name.empty()) return bold(program.name + " " + command.name) + options;
  if (program.commands.empty()) return bold(program.name) + options;
  std::string text = bold(program.name) + " " + slanted("command") + options;
  for (const auto& option : program.self.options)
    text += ".br\n" + bold(program.name) + " " + bold(option.names.back()) + "\n";
  return text;
}

std::string commands_text(const ProgramText& program) {
  if (program.commands.empty()) return "";
  std::string text = ".SH COMMANDS\n";
  for (const auto& command : program.commands)
    text += ".TP\n" + bold(page_name(program, command)) + "(8)\n" + escaped(sentence(command.description)) + "\n";
  return text;
}

std::string exit_status(const ProgramText& program, const CommandText& command) {
  std::string text = ".SH EXIT STATUS\n";
  for (const auto& code : program.exit_codes) {
    if (command.name.empty() || code.command.empty() || code.command == command.name)
      text += ".TP\n" + bold(code.code) + "\n" + escaped(sentence(code.meaning)) + "\n";
  }
  return text;
}

std::string see_also(const ProgramText& program, const CommandText& command) {
  std::vector<std::string> pages;
  if (!command.name.empty()) pages.push_back(bold(program.name) + "(8)");
  for (const auto& other : program.commands)
    if (other.name != command.name) pages.push_back(bold(page_name(program, other)) + "(8)");
  for (const auto& page : program.see_also) pages.push_back(bold(page) + "(8)");
  return ".SH SEE ALSO\n" + join(pages, ",\n") + "\n";
}

std::string description(const ProgramText& program, const CommandText& command, const std::vector<Section>& written) {
  std::string text = ".SH DESCRIPTION\n" + escaped(sentence(command.description)) + "\n";
  for (const auto& section : written)
    if (section.title == "DESCRIPTION") text += paragraphs_text(section, true);
  // The program's own footer, which commands without one inherit, is the list of exit codes.
  if (command.footer != program.self.footer) text += ".PP\n" + escaped(command.footer) + "\n";
  return text;
}

}  // namespace

std::string page_name(const ProgramText& program, const CommandText& command) {
  return command.name.empty() ? program.name : program.name + "-" + command.name;
}

std::string man_page(const ProgramText& program, const CommandText& command, const std::string& date) {
  const std::string name = page_name(program, command);
  const auto written = written_sections(name);
  std::string text = ".\\\" Made from the program's own options.\n.TH " + escaped(upper(name)) + " 8 " + date +
                     " \"selvage " SELVAGE_VERSION "\" \"System Administration\"\n.SH NAME\n" + escaped(name) +
                     " \\- " + escaped(command.description) + "\n.SH SYNOPSIS\n" + synopsis(program, command) +
                     description(program, command, written);
  if (command.name.empty()) text += commands_text(program);
  text += ".SH OPTIONS\n";
  for (const auto& option : command.options) text += option_text(option);
  text += exit_status(program, command);
  for (const auto& section : written)
    if (section.title != "DESCRIPTION") text += ".SH " + section.title + "\n" + paragraphs_text(section, false);
  return text + see_also(program, command);
}

}  // namespace selvage::cli::reference
