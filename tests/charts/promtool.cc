#include "tests/charts/promtool.h"

#include <yaml-cpp/yaml.h>

#include <map>

#include "tests/k8s_client/temporary_folder.h"
#include "tests/support/shell.h"

namespace selvage::testing {
namespace {

YAML::Node test_of(const PromQuestion& question) {
  YAML::Node test;
  test["interval"] = question.interval;
  for (const auto& [name, values] : question.series) {
    YAML::Node series;
    series["series"] = name;
    series["values"] = values;
    test["input_series"].push_back(series);
  }
  YAML::Node sample;
  sample["labels"] = "{}";
  sample["value"] = question.expected;
  YAML::Node asked;
  asked["expr"] = question.expression;
  asked["eval_time"] = question.at;
  asked["exp_samples"].push_back(sample);
  test["promql_expr_test"].push_back(asked);
  return test;
}

}  // namespace

std::string wrong_answers(const std::string& rules, const std::vector<PromQuestion>& questions) {
  const k8s_client::TemporaryFolder folder;
  folder.write("rules.yaml", rules);
  // A file for each interval, so that rules are evaluated once per sample and not once a minute for two weeks.
  std::map<std::string, YAML::Node> files;
  for (const PromQuestion& question : questions) files[question.interval]["tests"].push_back(test_of(question));
  std::string command = "promtool test rules";
  for (auto& [interval, file] : files) {
    file["rule_files"].push_back("rules.yaml");
    file["evaluation_interval"] = interval;
    folder.write(interval + ".yaml", YAML::Dump(file));
    command += " " + folder.path(interval + ".yaml");
  }
  const ShellOutput said = shell(command);
  return said.status == 0 ? "" : said.text;
}

}  // namespace selvage::testing
