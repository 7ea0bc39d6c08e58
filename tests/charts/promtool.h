#pragma once

#include <string>
#include <vector>

namespace selvage::testing {

/// A test of rules (a file of Prometheus' rules, YAML) by `promtool test rules`.
struct PromQuestion {
  struct Series {
    std::string name;    ///< with labels, as PromQL writes them
    std::string values;  ///< in promtool's notation, such as "0+1x20"
  };
  std::string interval;  ///< between samples and evaluations, such as "1m"
  std::vector<Series> series;
  std::string at;          ///< time of evaluation, from the first sample
  std::string expression;  ///< PromQL, a single value without labels
  double expected = 0;
};

/// Evaluates all; returns promtool's messages about unexpected answers, empty without any.
[[nodiscard]] std::string wrong_answers(const std::string& rules, const std::vector<PromQuestion>& questions);

}  // namespace selvage::testing
