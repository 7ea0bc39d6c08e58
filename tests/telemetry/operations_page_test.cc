#include "tests/telemetry/operations_page.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "tests/k8s_client/temporary_folder.h"
#include "tests/support/shell.h"
#include "tests/telemetry/every_metric.h"
#include "tests/telemetry/page.h"

/// docs/operations.md and the page of metrics agree.
namespace selvage::telemetry {
namespace {

std::string whole_page() {
  Metrics metrics({"1.2.3", "abc"}, kStart, packet_counts);
  feed_everything(metrics, kStart);
  return metrics.page(kStart);
}

/// The family of a series, one of those given.
std::string family_of(const std::string& series, const std::map<std::string, std::string>& families) {
  std::string name = series.substr(0, series.find('{'));
  for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
    if (families.count(name) == 0 && name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  }
  return name;
}

/// Names of a series' labels; values must not hold "=\"".
std::set<std::string> labels_of(const std::string& series) {
  std::set<std::string> labels;
  for (std::size_t at = series.find("=\""); at != std::string::npos; at = series.find("=\"", at + 2)) {
    const std::size_t begin = series.find_last_of("{,", at) + 1;
    const std::string name = series.substr(begin, at - begin);
    if (name != "le") labels.insert(name);  // a histogram's own
  }
  return labels;
}

TEST_CASE("the page has exactly the metrics that the document describes, with their types") {
  std::map<std::string, std::string> described;
  for (const DescribedMetric& metric : described_metrics()) {
    CHECK(described.emplace(metric.name, metric.type).second);
  }
  CHECK(described == families_of(whole_page()));
}

TEST_CASE("the document describes each metric's labels") {
  const std::string page = whole_page();
  const auto families = families_of(page);
  std::map<std::string, std::set<std::string>> shown;
  for (const auto& [series, value] : series_of(page)) shown[family_of(series, families)].merge(labels_of(series));
  for (const DescribedMetric& metric : described_metrics()) {
    CAPTURE(metric.name);
    CHECK(metric.labels == shown[metric.name]);
  }
}

TEST_CASE("each metric's example alert uses it, and Prometheus can parse it") {
  const k8s_client::TemporaryFolder folder;
  std::string rules = "groups:\n- name: selvage\n  rules:\n";
  for (const DescribedMetric& metric : described_metrics()) {
    CAPTURE(metric.name, metric.alert);
    CHECK(metric.alert.find(metric.name) != std::string::npos);
    rules += "  - alert: " + metric.name + "\n    expr: |\n      " + metric.alert + "\n";
  }
  folder.write("rules.yml", rules);
  const ShellOutput checked = shell("promtool check rules " + folder.path("rules.yml"));
  CAPTURE(checked.text);
  CHECK(checked.status == 0);
}

}  // namespace
}  // namespace selvage::telemetry
