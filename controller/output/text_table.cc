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
  for (const std::string_view signs : {"/", "-.:,"}) {
    const std::size_t sign = head.find_last_of(signs);
    if (sign != std::string_view::npos) return sign + 1;
  }
  return head.size();
}

/// The longest part between spaces and slashes.
std::size_t word_width(std::string_view line) {
  std::size_t width = 0;
  while (!line.empty()) {
    const std::size_t sign = std::min(line.find_first_of(" /"), line.size());
    const bool slash = sign < line.size() && line[sign] == '/';
    width = std::max(width, text_width(line.substr(0, sign)) + (slash ? 1 : 0));
    line.remove_prefix(std::min(sign + 1, line.size()));
  }
  return width;
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

using Widths = std::vector<std::size_t>;

/// By column, the greatest `width_of` of its lines.
Widths column_widths(const std::vector<CellLines>& rows, std::size_t (*width_of)(std::string_view)) {
  Widths widths;
  for (const CellLines& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      for (const auto& line : row[i]) widths[i] = std::max(widths[i], width_of(line));
  }
  return widths;
}

std::size_t total_width(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), widths.empty() ? 0 : (widths.size() - 1) * kColumnGap);
}

/// Takes from the widest of the columns that are wider than `least`, until the table fits or none is.
void shrink(Widths& widths, const Widths& least, std::size_t available) {
  for (std::size_t total = total_width(widths); total > available; --total) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > least[i] && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr) return;
    --*widest;
  }
}

std::vector<CellLines> split_cells(const std::vector<TextRow>& rows) {
  std::vector<CellLines> cells;
  for (const TextRow& row : rows) {
    CellLines& lines = cells.emplace_back();
    for (const auto& cell : row) lines.push_back(lines_of_cell(cell));
  }
  return cells;
}

std::string row_text(const CellLines& row, const Widths& widths) {
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
  const std::vector<CellLines> cells = split_cells(rows);
  Widths widths = column_widths(cells, text_width);
  if (width) {
    shrink(widths, column_widths(cells, word_width), *width);
    shrink(widths, Widths(widths.size(), kMinColumn), *width);
  }
  std::string text;
  for (const CellLines& row : cells) text += row_text(row, widths);
  return text;
}

std::size_t least_width(const std::vector<TextRow>& rows) {
  return total_width(column_widths(split_cells(rows), word_width));
}

}  // namespace selvage::controller
