#include "tests/telemetry/page.h"

#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace selvage::telemetry {

std::map<std::string, double> series_of(const std::string& page) {
  std::map<std::string, double> series;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t blank = line.rfind(' ');
    const auto [where, fresh] = series.emplace(line.substr(0, blank), std::strtod(line.c_str() + blank, nullptr));
    if (!fresh) throw std::runtime_error("twice on the page: " + where->first);
  }
  return series;
}

double value_of(const std::string& page, const std::string& series) {
  const auto all = series_of(page);
  const auto found = all.find(series);
  if (found == all.end()) throw std::out_of_range(series + " is not on the page");
  return found->second;
}

std::map<std::string, std::string> families_of(const std::string& page) {
  std::map<std::string, std::string> families;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("# TYPE ")) continue;
    const std::size_t blank = line.find(' ', 7);
    families.emplace(line.substr(7, blank - 7), line.substr(blank + 1));
  }
  return families;
}

}  // namespace selvage::telemetry
