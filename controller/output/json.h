#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace selvage::controller {

/// A JSON value (RFC 8259). Objects keep the order in which members were added.
using Json = nlohmann::ordered_json;

/// The value on one line of valid UTF-8, whatever its strings hold: control characters are escaped, DEL and C1 as well,
/// and bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string to_line(const Json& value);
/// The members of an object without its braces, on one line: `"a":1,"b":"c"`.
[[nodiscard]] std::string members_line(const Json& object);

}  // namespace selvage::controller
