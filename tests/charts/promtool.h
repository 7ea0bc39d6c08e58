#pragma once

#include <string>
#include <vector>

namespace selvage::testing {

/// One look at rules (a file of Prometheus' rules, YAML) by `promtool test rules`.
struct PromQuestion {
  struct Series {
    std::string name;    ///< with labels, as PromQL writes them
    std::string values;  ///< in promtool's notation, such as "0+1x20"
  };
  std::string interval;  ///< between samples and evaluations, such as "1m"
  std::vector<Series> series;
  std::string at;          ///< the moment of the question, from the first sample
  std::string expression;  ///< PromQL, a single value without labels
  double expected = 0;
};

/// Asks all; returns what promtool has to say about those that are answered otherwise, empty where none is.
[[nodiscard]] std::string wrong_answers(const std::string& rules, const std::vector<PromQuestion>& questions);

}  // namespace selvage::testing
