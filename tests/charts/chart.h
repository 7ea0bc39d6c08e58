#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <vector>

#include "lab/command.h"

/// The chart charts/selvage, by a real Helm.
namespace selvage::testing {

/// Runs `helm ARGUMENTS` with folders of its own in place of the user's.
[[nodiscard]] Result<std::string> helm(const std::vector<std::string>& arguments, std::string_view input = {});

/// The chart as release "selvage" in kube-system, with `values` (YAML), as Helm prints it: hooks, too. The error has
/// Helm's words.
[[nodiscard]] Result<std::string> render_text(const std::string& values = "");

/// The same, parsed: an object each. Throws std::runtime_error where Helm refuses.
[[nodiscard]] std::vector<YAML::Node> render(const std::string& values = "");

/// The object of that kind and name. Throws std::runtime_error unless there is one.
[[nodiscard]] YAML::Node object(const std::vector<YAML::Node>& objects, const std::string& kind,
                                const std::string& name = "selvage");

/// The template of the pods that an object leads to, if it leads to pods.
[[nodiscard]] std::optional<YAML::Node> pod_template_of(const YAML::Node& object);

/// A file of the checkout. Throws std::runtime_error where it cannot be read.
[[nodiscard]] std::string source_file(const std::string& path);

/// The sets of values that all tests go through: as by default, everything on, as little as there can be.
struct ValueSet {
  std::string name;
  std::string values;
};
[[nodiscard]] std::vector<ValueSet> value_sets();

}  // namespace selvage::testing
