#include "tests/telemetry/operations_page.h"

#include <fstream>
#include <stdexcept>

namespace selvage::telemetry {
namespace {

/// What stands between backticks.
std::vector<std::string> in_quotes(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t at = text.find('`'); at != std::string::npos;) {
    const std::size_t end = text.find('`', at + 1);
    if (end == std::string::npos) break;
    all.push_back(text.substr(at + 1, end - at - 1));
    at = text.find('`', end + 1);
  }
  return all;
}

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  for (std::size_t at = 1; at < row.size();) {
    const std::size_t end = row.find('|', at);
    if (end == std::string::npos) break;
    cells.push_back(row.substr(at, end - at));
    at = end + 1;
  }
  return cells;
}

}  // namespace

std::vector<DescribedMetric> described_metrics() {
  std::ifstream file(SELVAGE_SOURCE_DIR "/docs/operations.md");
  std::vector<DescribedMetric> metrics;
  bool within = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) within = line == "## Metrics";
    if (!within || !line.starts_with("| `")) continue;
    const auto cells = cells_of(line);
    if (cells.size() != 5) throw std::runtime_error("not five cells: " + line);
    const auto labels = in_quotes(cells[2]);
    const auto alert = in_quotes(cells[4]);
    if (alert.empty()) throw std::runtime_error("no alert: " + line);
    metrics.push_back(
        {in_quotes(cells[0]).at(0), cells[1].substr(1, cells[1].size() - 2), {labels.begin(), labels.end()}, alert[0]});
  }
  if (metrics.empty()) throw std::runtime_error("docs/operations.md has no table of metrics");
  return metrics;
}

}  // namespace selvage::telemetry
