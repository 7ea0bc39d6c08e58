#include "cli/reference/model.h"

#include <algorithm>
#include <sstream>

namespace selvage::cli::reference {
namespace {

Offer offer_of(const std::vector<std::string>& places) {
  for (const auto& place : places) {
    if (place == "FILE" || place == "PATH") return Offer::files;
    if (place == "FOLDER") return Offer::folders;
  }
  return Offer::nothing;
}

/// CLI11 writes "PORT:INT in [1 - 65535]" for what is checked by a Range.
std::string limits_of(const std::string& type) {
  const auto begin = type.find("in [");
  const auto end = type.find(']', begin);
  if (begin == std::string::npos || end == std::string::npos) return "";
  return replaced(type.substr(begin + 4, end - begin - 4), " - ", " to ");
}

bool is_literal(const std::string& word) {
  return std::none_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

OptionText describe(const CLI::Option& option) {
  OptionText text;
  for (const auto& name : option.get_snames()) text.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) text.names.push_back("--" + name);
  text.description = option.get_description();
  text.environment = option.get_envname();
  const int most = option.get_items_expected_max();
  if (most == 0) return text;
  const std::string type = option.get_type_name();
  text.value = type.substr(0, type.find(':'));
  text.limits = limits_of(type);
  const auto places = split(text.value, '|');
  std::copy_if(places.begin(), places.end(), std::back_inserter(text.words), is_literal);
  text.offer = offer_of(places);
  text.repeats = most > 1;
  return text;
}

CommandText describe_command(const CLI::App& app) {
  CommandText text{app.get_name(), app.get_description(), app.get_footer(), {}};
  for (const CLI::Option* option : app.get_options()) text.options.push_back(describe(*option));
  return text;
}

}  // namespace

ProgramText describe(const CLI::App& program) {
  ProgramText text;
  text.name = program.get_name();
  text.self = describe_command(program);
  text.self.name.clear();
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
    text.commands.push_back(describe_command(*command));
  return text;
}

std::string brief(const std::string& description) {
  std::size_t end = description.size();
  for (const char* stop : {". ", "; ", ": ", " (", ", or off", " Default"}) end = std::min(end, description.find(stop));
  return description.substr(0, end);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::string join(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace selvage::cli::reference
