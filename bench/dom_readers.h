#pragma once

#include <string>
#include <vector>

#include "policy/model/model.h"

/// A list of pods read the other way: the whole body into a tree of values, then the fields out of it.
/// No checks; what is not as expected throws.
namespace selvage::bench {

/// With nlohmann::json.
[[nodiscard]] std::vector<policy::Pod> read_with_nlohmann(const std::string& body);
/// With web::json, of cpprestsdk.
[[nodiscard]] std::vector<policy::Pod> read_with_cpprest(const std::string& body);

}  // namespace selvage::bench
