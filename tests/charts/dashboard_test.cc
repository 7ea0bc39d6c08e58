#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/charts/chart.h"
#include "tests/charts/promtool.h"
#include "tests/telemetry/every_metric.h"
#include "tests/telemetry/page.h"

/// The chart's Grafana dashboard matches the agent's metrics.
namespace selvage::testing {
namespace {

nlohmann::json dashboard() {
  const YAML::Node map = object(render("dashboard: {enabled: true}"), "ConfigMap", "selvage-dashboard");
  return nlohmann::json::parse(map["data"]["selvage.json"].as<std::string>());
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// The series of the agent's page with Prometheus' labels; all grow.
std::vector<PromQuestion::Series> served() {
  telemetry::Metrics metrics({"1.2.3", "abc"}, telemetry::kStart, telemetry::packet_counts);
  telemetry::feed_everything(metrics, telemetry::kStart);
  std::vector<PromQuestion::Series> all{{"up{job=\"selvage\",instance=\"n1\"}", "1x20"}};
  for (const auto& [series, value] : telemetry::series_of(metrics.page(telemetry::kStart))) {
    const std::size_t brace = series.find('{');
    const std::string labels = brace == std::string::npos ? "}" : "," + series.substr(brace + 1);
    all.push_back({series.substr(0, brace) + "{job=\"selvage\",instance=\"n1\"" + labels, "1+1x20"});
  }
  return all;
}

PromQuestion has_an_answer(const std::string& expression) {
  const std::string asked = replaced(replaced(expression, "$__rate_interval", "5m"), "$instance", ".*");
  return {"1m", served(), "10m", "count(" + asked + ") > bool 0", 1};
}

}  // namespace

TEST_CASE("each query of the dashboard finds metrics of the agent") {
  std::size_t queries = 0;
  const nlohmann::json board = dashboard();
  for (const auto& panel : board["panels"]) {
    for (const auto& target : panel["targets"]) {
      CAPTURE(panel["title"].get<std::string>(), target["expr"].get<std::string>());
      CHECK(wrong_answers("groups: []\n", {has_an_answer(target["expr"])}).empty());
      ++queries;
    }
  }
  CHECK(queries >= 20);
  CHECK_FALSE(wrong_answers("groups: []\n", {has_an_answer("selvage_no_such_metric")}).empty());
}

TEST_CASE("panels of the dashboard have unique names and positions") {
  std::set<std::string> titles;
  std::set<std::pair<int, int>> places;
  const nlohmann::json board = dashboard();
  for (const auto& panel : board["panels"]) {
    CHECK(titles.insert(panel["title"]).second);
    CHECK(places.emplace(panel["gridPos"]["x"], panel["gridPos"]["y"]).second);
    CHECK(panel["gridPos"]["x"].get<int>() + panel["gridPos"]["w"].get<int>() <= 24);
  }
}

}  // namespace selvage::testing
