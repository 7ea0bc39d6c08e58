#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The output of the measuring programs: one JSON object on each line of standard output.
namespace selvage::bench {

/// Median and quartiles of several rounds.
struct Spread {
  double median = 0;
  double low = 0;   ///< a quarter of the rounds is below
  double high = 0;  ///< a quarter is above
};
/// Of at least one value.
[[nodiscard]] Spread spread_of(std::vector<double> values);

/// One figure: a name, where it was measured, and its numbers.
class Figure {
 public:
  explicit Figure(std::string_view name);
  Figure& with(std::string_view key, std::string_view value);
  Figure& with(std::string_view key, const char* value) { return with(key, std::string_view(value)); }
  Figure& with(std::string_view key, double value);
  Figure& with(std::string_view key, std::size_t value);
  Figure& with(std::string_view key, bool value);
  /// Three members: key, key_low, key_high.
  Figure& with(const std::string& key, const Spread& spread);
  /// Writes the line at once, for readers that follow the output.
  void print() const;

 private:
  std::string text_;
};

}  // namespace selvage::bench
