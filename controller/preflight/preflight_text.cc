#include <spdlog/spdlog.h>

#include <algorithm>

#include "controller/output/json_members.h"
#include "controller/preflight/preflight.h"

namespace selvage::controller {
namespace {

JsonMembers members_of(const PreflightItem& item) {
  JsonMembers members;
  members.add("name", item.name).add("state", to_string(item.state)).add("seen", item.seen).add("fix", item.fix);
  members.add("enforcement", item.enforcement ? "incomplete" : "unaffected");
  return members;
}

spdlog::level::level_enum level_of(CheckState state) {
  if (state == CheckState::failed) return spdlog::level::err;
  return state == CheckState::warning ? spdlog::level::warn : spdlog::level::debug;
}

}  // namespace

const char* to_string(CheckState state) {
  switch (state) {
    case CheckState::ok:
      return "ok";
    case CheckState::info:
      return "info";
    case CheckState::warning:
      return "warning";
    case CheckState::failed:
      return "failed";
    case CheckState::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string log_text(const PreflightItem& item) {
  return "preflight: " + item.name + ": " + item.seen + (item.fix.empty() ? "" : "; " + item.fix);
}

void log_preflight(const PreflightReport& report) {
  for (const auto& item : report.items) spdlog::log(level_of(item.state), "{}", log_text(item));
}

std::string to_table(const PreflightReport& report) {
  std::size_t width = std::string_view("CHECK").size();
  for (const auto& item : report.items) width = std::max(width, item.name.size());
  const auto line = [width](std::string_view name, std::string_view state, std::string_view seen) {
    return fmt::format("{:<{}}  {:<7}  {}\n", name, width, state, seen);
  };
  std::string text = line("CHECK", "STATE", "SEEN");
  for (const auto& item : report.items) {
    text += line(item.name, to_string(item.state), item.seen);
    if (!item.fix.empty()) text += line("", "", "fix: " + item.fix);
  }
  return text;
}

std::string to_json(const PreflightReport& report) {
  std::string items;
  for (const auto& item : report.items) items += (items.empty() ? "{" : ",{") + members_of(item).text() + "}";
  return std::string("{\"failed\":") + (report.failed() ? "true" : "false") + ",\"items\":[" + items + "]}";
}

}  // namespace selvage::controller
