#pragma once

#include <string>
#include <vector>

namespace selvage::cli::reference {

/// A paragraph of a man page; with a term, an item of a list.
struct Paragraph {
  std::string term;
  std::string text;
};
struct Section {
  std::string title;
  std::vector<Paragraph> paragraphs;
};

/// What man pages say beyond --help, for a command ("" for the program itself). Section "DESCRIPTION" goes on where
/// the command's own description ends.
[[nodiscard]] std::vector<Section> written_sections(const std::string& command);

}  // namespace selvage::cli::reference
