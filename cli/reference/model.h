#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

/// The command line as a value, from which man pages and completions are made. --help shows the same.
namespace selvage::cli::reference {

/// Completions for a value in addition to `OptionText::words`.
enum class Offer : std::uint8_t { nothing, files, folders };

struct OptionText {
  std::vector<std::string> names;  ///< with their dashes, short ones first: "-o", "--output"
  std::string value;               ///< its type in --help: "FILE", "auto|on|off"; empty: a flag
  std::vector<std::string> words;  ///< the literal words of `value`, in lower case
  Offer offer = Offer::nothing;
  std::string limits;  ///< of a number: "1 to 3600"
  bool repeats = false;
  std::string environment;  ///< variable that can give the value
  std::string description;
};

struct CommandText {
  std::string name;  ///< empty: the program itself
  std::string description;
  std::string footer;
  std::vector<OptionText> options;
};

/// An item of EXIT STATUS.
struct ExitText {
  std::string code;
  std::string command;  ///< whose code it is; empty: any
  std::string meaning;
};

struct ProgramText {
  std::string name;  ///< "selvage"
  CommandText self;
  std::vector<CommandText> commands;  ///< may be empty
  std::vector<ExitText> exit_codes;
  std::vector<std::string> see_also;  ///< other pages, without section
};

/// Name, options and commands; the rest is left empty.
[[nodiscard]] ProgramText describe(const CLI::App& program);

/// The beginning of a description, short enough for a line of completions: without its explanation.
[[nodiscard]] std::string brief(const std::string& description);

/// The parts of a text between separators.
[[nodiscard]] std::vector<std::string> split(const std::string& text, char separator);
/// The same parts with `separator` between.
[[nodiscard]] std::string join(const std::vector<std::string>& parts, const std::string& separator);
/// Every `from` replaced.
[[nodiscard]] std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace selvage::cli::reference
