#include "tests/telemetry/metrics_document.h"

#include <algorithm>
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

/// The rows of the table below a heading of docs/metrics.md, each as its cells.
std::vector<std::vector<std::string>> rows_below(const std::string& heading) {
  std::ifstream file(SELVAGE_SOURCE_DIR "/docs/metrics.md");
  std::vector<std::vector<std::string>> rows;
  bool within = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) within = line == heading;
    if (within && line.starts_with("| `")) rows.push_back(cells_of(line));
  }
  if (rows.empty()) throw std::runtime_error("docs/metrics.md has no table below " + heading);
  return rows;
}

/// Whether an expression names the metric, or its buckets, before any other.
bool begins_with(const std::string& expression, const std::string& metric) {
  const std::string word = expression.substr(std::min(expression.find("selvage_"), expression.find("process_")));
  return word.starts_with(metric) && (word.substr(metric.size()).starts_with("_bucket") ||
                                      word.find_first_of("{[ )") == metric.size() || word.size() == metric.size());
}

/// The expression of the alert of a metric.
std::string alert_of(const std::string& metric) {
  for (const auto& row : rows_below("## Alerts")) {
    const std::string expression = in_quotes(row.at(2)).at(0);
    if (expression.find('_') != std::string::npos && begins_with(expression, metric)) return expression;
  }
  throw std::runtime_error("no alert: " + metric);
}

}  // namespace

std::vector<DescribedMetric> described_metrics() {
  std::vector<DescribedMetric> metrics;
  for (const auto& cells : rows_below("## Metrics")) {
    if (cells.size() != 4) throw std::runtime_error("not four cells: " + cells.at(0));
    const auto labels = in_quotes(cells[2]);
    const std::string name = in_quotes(cells[0]).at(0);
    metrics.push_back({name, cells[1].substr(1, cells[1].size() - 2), {labels.begin(), labels.end()}, alert_of(name)});
  }
  return metrics;
}

}  // namespace selvage::telemetry
