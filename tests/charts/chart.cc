#include "tests/charts/chart.h"

#include <stdexcept>

#include "lab/manifest.h"

namespace selvage::testing {

Result<std::string> helm(const std::vector<std::string>& arguments, std::string_view input) {
  const auto folder = lab::TemporaryFolder::create();
  if (!folder) return tl::unexpected<Error>(folder.error());
  lab::Argv argv{"env"};
  for (const std::string name : {"CACHE", "CONFIG", "DATA"})
    argv.push_back("HELM_" + name + "_HOME=" + (folder->path() / name).string());
  argv.emplace_back(SELVAGE_CHART_PROGRAMS "/helm");
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return lab::run(argv, input);
}

Result<std::string> render_text(const std::string& values) {
  return helm(
      {"template", "selvage", SELVAGE_SOURCE_DIR "/charts/selvage", "--namespace", "kube-system", "--values", "-"},
      values);
}

std::vector<YAML::Node> render(const std::string& values) {
  const auto text = render_text(values);
  if (!text) throw std::runtime_error(text.error().message);
  std::vector<YAML::Node> objects;
  for (const YAML::Node& node : YAML::LoadAll(*text))
    if (node.IsMap()) objects.push_back(node);
  return objects;
}

YAML::Node object(const std::vector<YAML::Node>& objects, const std::string& kind, const std::string& name) {
  for (const YAML::Node& node : objects)
    if (node["kind"].as<std::string>() == kind && node["metadata"]["name"].as<std::string>() == name) return node;
  throw std::runtime_error("the chart renders no " + kind + " " + name);
}

std::optional<YAML::Node> pod_template_of(const YAML::Node& object) {
  if (!object["spec"].IsDefined() || !object["spec"]["template"].IsDefined()) return std::nullopt;
  return object["spec"]["template"];
}

std::string source_file(const std::string& path) {
  auto text = lab::read_whole(SELVAGE_SOURCE_DIR "/" + path);
  if (!text) throw std::runtime_error(text.error().message);
  return std::move(*text);
}

std::vector<ValueSet> value_sets() {
  return {{"defaults", ""},
          {"everything", source_file("tests/charts/values/everything.yaml")},
          {"minimal", source_file("tests/charts/values/minimal.yaml")}};
}

}  // namespace selvage::testing
