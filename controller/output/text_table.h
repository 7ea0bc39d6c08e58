#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace selvage::controller {

/// A row of a table. A cell may hold line breaks; other control characters are escaped.
using TextRow = std::vector<std::string>;

/// Left-aligned columns, two spaces between. With `width`, the columns of the terminal, lines are at most that long as
/// far as words allow: the widest columns are folded, after a space or comma, in longer words after '/', '-', '.' or
/// ':', and else in the middle of a word. Without it nothing is folded.
[[nodiscard]] std::string text_table(const std::vector<TextRow>& rows, std::optional<std::size_t> width = std::nullopt);

}  // namespace selvage::controller
