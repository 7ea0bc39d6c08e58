#pragma once

#include <set>
#include <string>
#include <vector>

namespace selvage::telemetry {

/// A metric as docs/metrics.md describes it.
struct DescribedMetric {
  std::string name;
  std::string type;
  std::set<std::string> labels;
  std::string alert;  ///< PromQL

  friend bool operator==(const DescribedMetric&, const DescribedMetric&) = default;
};

/// The rows of the table of metrics, each with its row of the table of alerts. Throws std::runtime_error if they cannot
/// be read.
[[nodiscard]] std::vector<DescribedMetric> described_metrics();

}  // namespace selvage::telemetry
