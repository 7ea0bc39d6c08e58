#pragma once

#include <string>
#include <vector>

#include "tests/charts/promtool.h"

namespace selvage::testing {

/// What an alert is for, and what it must leave alone although it is near.
struct AlertCase {
  std::string alert;
  std::string at;  ///< when it must fire, or must not
  std::vector<PromQuestion::Series> firing;
  std::vector<PromQuestion::Series> quiet;
  std::string interval = "1m";
};

/// One for each alert of the chart.
[[nodiscard]] std::vector<AlertCase> alert_cases();

}  // namespace selvage::testing
