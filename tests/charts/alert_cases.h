#pragma once

#include <string>
#include <vector>

#include "tests/charts/promtool.h"

namespace selvage::testing {

/// A case in which an alert must fire, and a similar one in which it must not.
struct AlertCase {
  std::string alert;
  std::string at;  ///< time at which it must fire, or must not
  std::vector<PromQuestion::Series> firing;
  std::vector<PromQuestion::Series> quiet;
  std::string interval = "1m";
};

/// A case for each alert of the chart.
[[nodiscard]] std::vector<AlertCase> alert_cases();

}  // namespace selvage::testing
