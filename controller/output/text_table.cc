#include "controller/output/text_table.h"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "base/utf8.h"
#include "controller/output/escape.h"

namespace selvage::controller {
namespace {

constexpr std::size_t kColumnGap = 2;
/// No column gets narrower than this, whatever the terminal's width.
constexpr std::size_t kMinColumn = 8;

using Lines = std::vector<std::string>;
using CellLines = std::vector<Lines>;  ///< of one row, by column

/// Characters, all taken as one column wide.
std::size_t text_width(std::string_view text) {
  std::size_t characters = 0;
  for (; !text.empty(); ++characters) text.remove_prefix(std::max<std::size_t>(utf8_length(text), 1));
  return characters;
}

/// The first `width` characters.
std::string_view head_of(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  for (; width > 0 && bytes < text.size(); --width) bytes += std::max<std::size_t>(utf8_length(text.substr(bytes)), 1);
  return text.substr(0, bytes);
}

/// Where to break a line of more than `width` characters: the number of bytes that stay on it.
std::size_t break_of(std::string_view line, std::size_t width) {
  // A space at the break is dropped, so it may stand one beyond.
  const std::size_t space = head_of(line, width + 1).rfind(' ');
  if (space != std::string_view::npos && space > 0) return space;
  const std::string_view head = head_of(line, width);
  const std::size_t sign = head.find_last_of("/-.:,");
  return sign == std::string_view::npos ? head.size() : sign + 1;
}

void fold(std::string_view line, std::size_t width, Lines& folded) {
  while (text_width(line) > width) {
    const std::size_t end = break_of(line, width);
    folded.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  }
  folded.emplace_back(line);
}

Lines lines_of_cell(const std::string& cell) {
  Lines lines;
  std::istringstream text(cell);
  for (std::string line; std::getline(text, line);) lines.push_back(escaped(line));
  return lines;
}

std::vector<std::size_t> natural_widths(const std::vector<CellLines>& rows) {
  std::vector<std::size_t> widths;
  for (const CellLines& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      for (const auto& line : row[i]) widths[i] = std::max(widths[i], text_width(line));
  }
  return widths;
}

/// Takes from the widest column until the table fits.
void shrink(std::vector<std::size_t>& widths, std::size_t available) {
  std::size_t total = std::accumulate(widths.begin(), widths.end(), (widths.size() - 1) * kColumnGap);
  for (; total > available; --total) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kMinColumn) return;
    --*widest;
  }
}

std::string row_text(const CellLines& row, const std::vector<std::size_t>& widths) {
  std::vector<Lines> cells(row.size());
  std::size_t height = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    for (const auto& line : row[i]) fold(line, widths[i], cells[i]);
    height = std::max(height, cells[i].size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    std::string one;
    std::size_t column = 0;
    for (std::size_t i = 0; i < cells.size(); column += widths[i++] + kColumnGap) {
      if (line >= cells[i].size() || cells[i][line].empty()) continue;
      one.append(column - text_width(one), ' ').append(cells[i][line]);
    }
    text += one + "\n";
  }
  return text;
}

}  // namespace

std::string text_table(const std::vector<TextRow>& rows, std::optional<std::size_t> width) {
  std::vector<CellLines> cells;
  for (const TextRow& row : rows) {
    CellLines& lines = cells.emplace_back();
    for (const auto& cell : row) lines.push_back(lines_of_cell(cell));
  }
  auto widths = natural_widths(cells);
  if (width && !widths.empty()) shrink(widths, *width);
  std::string text;
  for (const CellLines& row : cells) text += row_text(row, widths);
  return text;
}

}  // namespace selvage::controller
