#include "controller/output/json_members.h"

#include "controller/output/escape.h"

namespace selvage::controller {
namespace {

std::string in_quotes(std::string_view value) { return '"' + escaped(value, true) + '"'; }

}  // namespace

void JsonMembers::begin(std::string_view name) {
  if (!text_.empty()) text_ += ',';
  text_.append("\"").append(name).append("\":");
}

JsonMembers& JsonMembers::add(std::string_view name, std::string_view value) {
  begin(name);
  text_ += in_quotes(value);
  return *this;
}

JsonMembers& JsonMembers::add(std::string_view name, std::uint64_t value) {
  begin(name);
  text_ += std::to_string(value);
  return *this;
}

JsonMembers& JsonMembers::add_flag(std::string_view name, bool value) {
  begin(name);
  text_ += value ? "true" : "false";
  return *this;
}

JsonMembers& JsonMembers::add(std::string_view name, const std::vector<std::string>& values) {
  begin(name);
  std::string list;
  for (const auto& value : values) list += (list.empty() ? "" : ",") + in_quotes(value);
  text_ += "[" + list + "]";
  return *this;
}

JsonMembers& JsonMembers::add(std::string_view name, const JsonMembers& object) {
  begin(name);
  text_ += "{" + object.text_ + "}";
  return *this;
}

JsonMembers& JsonMembers::add(std::string_view name, const std::vector<JsonMembers>& objects) {
  begin(name);
  std::string list;
  for (const auto& object : objects) list += (list.empty() ? "{" : ",{") + object.text_ + "}";
  text_ += "[" + list + "]";
  return *this;
}

}  // namespace selvage::controller
