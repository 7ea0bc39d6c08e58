#pragma once

#include <string>
#include <vector>

#include "policy/model/model.h"

/// Reads a list of pods by way of a tree of values of the whole body. No checks; unexpected content throws.
namespace selvage::bench {

/// With nlohmann::json.
[[nodiscard]] std::vector<policy::Pod> read_with_nlohmann(const std::string& body);
/// With web::json, of cpprestsdk.
[[nodiscard]] std::vector<policy::Pod> read_with_cpprest(const std::string& body);

}  // namespace selvage::bench
