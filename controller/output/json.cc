#include "controller/output/json.h"

#include "controller/output/escape.h"

namespace selvage::controller {

std::string to_line(const Json& value) {
  // The library escapes C0 alone. What remains stands in strings, where \u00xx is an escape.
  return escaped(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string members_line(const Json& object) {
  const std::string line = to_line(object);
  return line.substr(1, line.size() - 2);
}

}  // namespace selvage::controller
