#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace selvage::cli {

/// One option of a config file.
struct ConfigEntry {
  std::vector<std::string> values;  ///< as on the command line
  std::string place;                ///< "FILE:LINE: KEY", for errors
};
/// The options of a config file by their long names without dashes.
using Config = std::map<std::string, ConfigEntry>;

/// Reads a YAML mapping of scalars and lists of scalars. Errors name file, line and key; a repeated key is an error.
Result<Config> read_config(const std::string& path);

}  // namespace selvage::cli
