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

/// What a man page ("selvage-agent") says beyond --help. Its section "DESCRIPTION" continues the command's own
/// description.
[[nodiscard]] std::vector<Section> written_sections(const std::string& page);

}  // namespace selvage::cli::reference
