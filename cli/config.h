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
/// Options as a config file gives them, by the long option's name without dashes.
using Config = std::map<std::string, ConfigEntry>;

/// Reads a YAML mapping of scalars and lists of scalars. Errors name file, line and key; a key given
/// twice is one.
Result<Config> read_config(const std::string& path);

}  // namespace selvage::cli
