#include "tests/telemetry/metrics_document.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "tests/k8s_client/temporary_folder.h"
#include "tests/support/shell.h"
#include "tests/telemetry/every_metric.h"
#include "tests/telemetry/page.h"

/// docs/metrics.md and the page of metrics agree.
namespace selvage::telemetry {
namespace {

std::string whole_page() {
  Metrics metrics({"1.2.3", "abc"}, kStart, packet_counts);
  feed_everything(metrics, kStart);
  return metrics.page(kStart);
}

/// The family that a series belongs to, of those given.
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

TEST_CASE("each metric of the page is described with its type, and none beside") {
  std::map<std::string, std::string> described;
  for (const DescribedMetric& metric : described_metrics()) {
    CHECK(described.emplace(metric.name, metric.type).second);
  }
  CHECK(described == families_of(whole_page()));
}

TEST_CASE("each metric's labels are described") {
  const std::string page = whole_page();
  const auto families = families_of(page);
  std::map<std::string, std::set<std::string>> shown;
  for (const auto& [series, value] : series_of(page)) shown[family_of(series, families)].merge(labels_of(series));
  for (const DescribedMetric& metric : described_metrics()) {
    CAPTURE(metric.name);
    CHECK(metric.labels == shown[metric.name]);
  }
}

TEST_CASE("each metric's alert names it, and Prometheus can read it") {
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
