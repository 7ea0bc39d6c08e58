#include "cli/config.h"

#include <yaml-cpp/yaml.h>

namespace selvage::cli {
namespace {

std::string place(const std::string& path, const YAML::Mark& mark) {
  return path + ":" + std::to_string(mark.line + 1) + ": ";
}

Result<std::vector<std::string>> values_of(const YAML::Node& node, const std::string& where) {
  if (node.IsScalar()) return std::vector<std::string>{node.Scalar()};
  if (!node.IsSequence()) return fail(where + "expected a value or a list of values");
  std::vector<std::string> values;
  for (const auto& item : node) {
    if (!item.IsScalar()) return fail(where + "expected a list of scalars");
    values.push_back(item.Scalar());
  }
  return values;
}

Result<Config> read_mapping(const YAML::Node& root, const std::string& path) {
  Config config;
  if (root.IsNull()) return config;
  if (!root.IsMap()) return fail(place(path, root.Mark()) + "expected \"option: value\" lines");
  for (const auto& entry : root) {
    const std::string where = place(path, entry.first.Mark());
    if (!entry.first.IsScalar()) return fail(where + "expected the name of an option");
    const std::string& key = entry.first.Scalar();
    auto values = values_of(entry.second, where + key + ": ");
    if (!values) return tl::unexpected(values.error());
    const bool added = config.emplace(key, ConfigEntry{std::move(*values), where + key}).second;
    if (!added) return fail(where + key + " is repeated");
  }
  return config;
}

}  // namespace

Result<Config> read_config(const std::string& path) {
  try {
    return read_mapping(YAML::LoadFile(path), path);
  } catch (const YAML::BadFile&) {
    return fail(path + ": cannot be read");
  } catch (const YAML::Exception& error) {
    return fail(place(path, error.mark) + error.msg);
  }
}

}  // namespace selvage::cli
