#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace selvage::controller {

/// A row of a table. A cell may hold line breaks; other control characters are escaped.
using TextRow = std::vector<std::string>;

/// Left-aligned columns, two spaces between. With `width`, the widest columns are folded so that lines are at most that
/// long: between words and after '/', below least_width also after other signs and within words. Without it nothing is
/// folded.
[[nodiscard]] std::string text_table(const std::vector<TextRow>& rows, std::optional<std::size_t> width = std::nullopt);

/// The width from which on text_table breaks no word but after '/'.
[[nodiscard]] std::size_t least_width(const std::vector<TextRow>& rows);

}  // namespace selvage::controller
