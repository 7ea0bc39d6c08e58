#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace selvage::cli {

/// Options as a config file gives them: each key is a long option's name without dashes, each value
/// the option's values as on the command line.
using Config = std::map<std::string, std::vector<std::string>>;

/// Reads a YAML mapping of scalars and lists of scalars. Errors name file, line and key; a key given
/// twice is one.
Result<Config> read_config(const std::string& path);

}  // namespace selvage::cli
