#pragma once

#include <optional>
#include <string>
#include <vector>

/// The demo's table as text: pure functions of values.
namespace selvage::demo {

/// One connection of the matrix in both families.
struct MatrixCell {
  bool expected = false;
  bool v4 = false;  ///< measured
  bool v6 = false;  ///< measured

  /// How many of the two are as expected.
  [[nodiscard]] int right() const { return (v4 == expected ? 1 : 0) + (v6 == expected ? 1 : 0); }
};

struct Matrix {
  std::vector<std::string> columns;
  std::vector<std::string> rows;
  /// cells[row][column]; nothing if there is no connection to test.
  std::vector<std::vector<std::optional<MatrixCell>>> cells;

  /// Connections in all, two a cell.
  [[nodiscard]] int total() const;
  /// Those that are as expected.
  [[nodiscard]] int right() const;
};

/// The aligned table, a line per row and a heading: in each cell what is expected and then what was measured over
/// IPv4 and IPv6, "allow ++" or "deny --". A cell that is not as expected has a trailing "!". With `coloured`, ANSI
/// colours say the same again.
std::string to_text(const Matrix& matrix, bool coloured);

/// "56 connections as expected", or how many are not.
std::string summary(const Matrix& matrix);

}  // namespace selvage::demo
