#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <vector>

#include "lab/command.h"

/// The chart charts/selvage, rendered by a real Helm.
namespace selvage::testing {

/// Runs `helm ARGUMENTS` with temporary folders instead of the user's.
[[nodiscard]] Result<std::string> helm(const std::vector<std::string>& arguments, std::string_view input = {});

/// The chart as release "selvage" in kube-system, with `values` (YAML), as Helm prints it, with hooks. The error has
/// Helm's message.
[[nodiscard]] Result<std::string> render_text(const std::string& values = "");

/// The same, parsed into objects. Throws std::runtime_error if Helm fails.
[[nodiscard]] std::vector<YAML::Node> render(const std::string& values = "");

/// The object of a kind and name. Throws std::runtime_error unless it exists.
[[nodiscard]] YAML::Node object(const std::vector<YAML::Node>& objects, const std::string& kind,
                                const std::string& name = "selvage");

/// The pod template of an object, if it has one.
[[nodiscard]] std::optional<YAML::Node> pod_template_of(const YAML::Node& object);

/// A file of the checkout. Throws std::runtime_error if it cannot be read.
[[nodiscard]] std::string source_file(const std::string& path);

/// The sets of values that all tests use: defaults, everything enabled, everything disabled.
struct ValueSet {
  std::string name;
  std::string values;
};
[[nodiscard]] std::vector<ValueSet> value_sets();

}  // namespace selvage::testing
