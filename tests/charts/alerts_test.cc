#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/charts/alert_cases.h"
#include "tests/charts/chart.h"
#include "tests/telemetry/metrics_document.h"

/// The chart's alerts, evaluated by Prometheus.
namespace selvage::testing {
namespace {

YAML::Node rules_of(const std::string& more = "") {
  const auto objects = render("prometheusRule:\n  enabled: true\n" + more);
  return object(objects, "PrometheusRule")["spec"];
}

/// Expressions by alert.
std::map<std::string, std::string> expressions(const YAML::Node& spec) {
  std::map<std::string, std::string> all;
  for (const YAML::Node& rule : spec["groups"][0]["rules"])
    CHECK(all.emplace(rule["alert"].as<std::string>(), rule["expr"].as<std::string>()).second);
  return all;
}

PromQuestion fires(const AlertCase& one, const std::vector<PromQuestion::Series>& series, double expected) {
  const std::string asked = "count(ALERTS{alertname=\"" + one.alert + "\",alertstate=\"firing\"}) or vector(0)";
  return {one.interval, series, one.at, asked, expected};
}

}  // namespace

TEST_CASE("docs/metrics.md has the chart's alerts") {
  std::multiset<std::string> described{"up{job=\"selvage\"} == 0"};
  for (const auto& metric : telemetry::described_metrics()) described.insert(metric.alert);
  std::multiset<std::string> rendered;
  for (const auto& [alert, expression] : expressions(rules_of())) rendered.insert(expression);
  CHECK(rendered == described);
}

TEST_CASE("each alert fires in its case, and not in a similar one") {
  const YAML::Node spec = rules_of();
  const std::string rules = YAML::Dump(spec);
  std::set<std::string> untested;
  for (const auto& [alert, expression] : expressions(spec)) untested.insert(alert);
  std::vector<PromQuestion> questions;
  for (const AlertCase& one : alert_cases()) {
    CAPTURE(one.alert);
    CHECK(untested.erase(one.alert) == 1);
    questions.push_back(fires(one, one.firing, 1));
    questions.push_back(fires(one, one.quiet, 0));
  }
  CHECK(untested.empty());
  CHECK(wrong_answers(rules, questions) == "");
}

TEST_CASE("alerts can be disabled, and the one of self-checks is left out without self-checks") {
  const auto fewer = expressions(rules_of("  disabled: [SelvageDown]\nagent: {selfCheckInterval: 0}"));
  CHECK(fewer.count("SelvageDown") == 0);
  CHECK(fewer.count("SelvageNoSelfChecks") == 0);
  CHECK(fewer.size() + 2 == expressions(rules_of()).size());
}

}  // namespace selvage::testing
