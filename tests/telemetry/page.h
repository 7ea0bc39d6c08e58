#pragma once

#include <map>
#include <set>
#include <string>

namespace selvage::telemetry {

/// The series of a page in Prometheus' text format, by their text ("name{label=\"value\"}"), and their values.
[[nodiscard]] std::map<std::string, double> series_of(const std::string& page);

/// The value of a series. Throws std::out_of_range if it is missing.
[[nodiscard]] double value_of(const std::string& page, const std::string& series);

/// The families of a page with their types, by name.
[[nodiscard]] std::map<std::string, std::string> families_of(const std::string& page);

}  // namespace selvage::telemetry
