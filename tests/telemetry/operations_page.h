#pragma once

#include <set>
#include <string>
#include <vector>

namespace selvage::telemetry {

/// A metric as docs/operations.md describes it.
struct DescribedMetric {
  std::string name;
  std::string type;
  std::set<std::string> labels;
  std::string alert;  ///< PromQL

  friend bool operator==(const DescribedMetric&, const DescribedMetric&) = default;
};

/// The rows of the document's table of metrics. Throws std::runtime_error if it cannot be read.
[[nodiscard]] std::vector<DescribedMetric> described_metrics();

}  // namespace selvage::telemetry
