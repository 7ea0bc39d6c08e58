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

/// The text of a man page ("selvage-agent") in addition to --help. Its section "DESCRIPTION" continues the command's
/// own description.
[[nodiscard]] std::vector<Section> written_sections(const std::string& page);

}  // namespace selvage::cli::reference
