#include "demo/matrix.h"

#include <algorithm>

namespace selvage::demo {
namespace {

constexpr std::size_t kCellWidth = 11;  // "deny  --!" and a gap

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string cell_text(const MatrixCell& cell) {
  std::string text = cell.expected ? "allow " : "deny  ";
  text += cell.v4 ? '+' : '-';
  text += cell.v6 ? '+' : '-';
  return cell.right() == 2 ? text : text + "!";
}

std::string cell_field(const std::optional<MatrixCell>& cell, std::size_t width, bool coloured) {
  const std::string text = padded(cell ? cell_text(*cell) : ".", width);
  if (!coloured || !cell) return text;
  const char* colour = "\x1b[31m";
  if (cell->right() == 2) colour = cell->expected ? "\x1b[32m" : "\x1b[36m";
  return colour + text + "\x1b[0m";
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

int Matrix::total() const {
  int count = 0;
  for (const auto& row : cells)
    for (const auto& cell : row) count += cell ? 2 : 0;
  return count;
}

int Matrix::right() const {
  int count = 0;
  for (const auto& row : cells)
    for (const auto& cell : row) count += cell ? cell->right() : 0;
  return count;
}

std::string to_text(const Matrix& matrix, bool coloured) {
  std::size_t first = std::string("from \\ to").size();
  for (const std::string& row : matrix.rows) first = std::max(first, row.size());
  std::string line = padded("  from \\ to", first + 4);
  for (const std::string& column : matrix.columns) line += padded(column, std::max(kCellWidth, column.size() + 2));
  std::string text = without_trailing_blanks(line);
  for (std::size_t row = 0; row < matrix.rows.size(); ++row) {
    line = padded("  " + matrix.rows[row], first + 4);
    for (std::size_t column = 0; column < matrix.columns.size(); ++column)
      line += cell_field(matrix.cells[row][column], std::max(kCellWidth, matrix.columns[column].size() + 2), coloured);
    text += without_trailing_blanks(line);
  }
  return text;
}

std::string summary(const Matrix& matrix) {
  const int total = matrix.total();
  const int wrong = total - matrix.right();
  if (wrong == 0) return std::to_string(total) + " connections as expected";
  return std::to_string(wrong) + " of " + std::to_string(total) + " connections NOT as expected (marked !)";
}

}  // namespace selvage::demo
