#include "bench/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace selvage::bench {
namespace {

/// For our own names and messages: characters that JSON would have to escape are left out.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text)
    if (c >= ' ' && c != '"' && c != '\\') out += c;
  return out + "\"";
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double part) {
    return values[static_cast<std::size_t>(std::lround(part * static_cast<double>(values.size() - 1)))];
  };
  return {at(0.5), at(0.25), at(0.75)};
}

Figure::Figure(std::string_view name) : text_("{\"figure\": " + in_quotes(name)) {}

Figure& Figure::with(std::string_view key, std::string_view value) {
  text_ += ", " + in_quotes(key) + ": " + in_quotes(value);
  return *this;
}

Figure& Figure::with(std::string_view key, double value) {
  char number[40];
  std::snprintf(number, sizeof(number), "%.5g", value);
  text_ += ", " + in_quotes(key) + ": " + number;
  return *this;
}

Figure& Figure::with(std::string_view key, std::size_t value) {
  text_ += ", " + in_quotes(key) + ": " + std::to_string(value);
  return *this;
}

Figure& Figure::with(std::string_view key, bool value) {
  text_ += ", " + in_quotes(key) + ": " + (value ? "true" : "false");
  return *this;
}

Figure& Figure::with(const std::string& key, const Spread& spread) {
  return with(key, spread.median).with(key + "_low", spread.low).with(key + "_high", spread.high);
}

void Figure::print() const {
  std::printf("%s}\n", text_.c_str());
  std::fflush(stdout);
}

}  // namespace selvage::bench
