#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace selvage::controller {

/// Writes members of a JSON object (RFC 8259) on one line, in the order of the calls. Names are literals without
/// characters to escape; values may hold anything.
class JsonMembers {
 public:
  JsonMembers& add(std::string_view name, std::string_view value);
  JsonMembers& add(std::string_view name, std::uint64_t value);
  JsonMembers& add(std::string_view name, const std::vector<std::string>& values);
  JsonMembers& add_flag(std::string_view name, bool value);
  JsonMembers& add(std::string_view name, const JsonMembers& object);
  JsonMembers& add(std::string_view name, const std::vector<JsonMembers>& objects);

  /// Without braces: `"a":1,"b":"c"`.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void begin(std::string_view name);
  std::string text_;
};

}  // namespace selvage::controller
